use std::collections::BTreeSet;
use std::time::Duration;

use handover_core::Timestamp;
use handover_health::{ProbeClass, Standing, ViewReport, ViewsReport};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::line::ViewLine;
use crate::words::words;

/// What the views say at one moment, beside what they said before the switch.
#[derive(Debug)]
pub(crate) struct Sight {
    report: ViewsReport,
    before: BTreeSet<String>,
}

impl Sight {
    pub(super) const fn new(report: ViewsReport, before: BTreeSet<String>) -> Self {
        Self { report, before }
    }

    /// Whether so many views count that they could be lost at all.
    pub(crate) fn decides(&self) -> bool {
        self.counted().count() > self.spare()
    }

    /// Whether more views lost the service than may be.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost().count() > self.spare()
    }

    /// Whether, since `began`, so many views saw the service well that it cannot be about to be lost.
    pub(crate) fn is_clear_since(&self, began: Instant) -> bool {
        let clear = self.counted().filter(|view| well_since(view, began)).count();
        !self.decides() || clear + self.spare() >= self.counted().count()
    }

    /// The class that all the lost views have in common, where nobody answered them, and no other view since.
    pub(crate) fn silence(&self) -> Option<ProbeClass> {
        let class = self.lost().next()?.class().filter(|class| is_silence(*class))?;
        let last = self.lost().filter_map(|view| view.status.answered).max()?;
        let answered_since = |view: &ViewReport| view.class().is_none() && view.status.answered > Some(last);
        let alike = self.lost().all(|view| view.class() == Some(class));
        (alike && !self.report.views.iter().any(answered_since)).then_some(class)
    }

    /// How often each view was asked.
    pub(crate) fn checks(&self) -> Vec<u64> {
        self.report.views.iter().map(|view| view.status.checks).collect()
    }

    /// Whether since `checks` each view has answered a question that was asked after it.
    pub(crate) fn is_newer_than(&self, checks: &[u64]) -> bool {
        // The first answer may be to a question that was under way.
        self.report.views.iter().zip(checks).all(|(view, then)| view.status.checks >= then + 2)
    }

    /// Why the run goes back.
    pub(crate) fn reason(&self) -> String {
        let (lost, of) = (self.lost().count(), self.report.views.len());
        let each: Vec<_> = self.lost().map(said).collect();
        let others = match of - self.counted().count() {
            0 => String::new(),
            others => format!(", {others} more did not see it before the switch either"),
        };
        format!(
            "{lost} of {of} outside views lost the service after the switch, and {} may: {}{others}",
            self.spare(),
            each.join(", ")
        )
    }

    /// Every view as the journal keeps it.
    pub(crate) fn evidence(&self) -> Value {
        let line = |view: &ViewReport| ViewLine::of(view, self.counts(view));
        json!(self.report.views.iter().map(line).collect::<Vec<_>>())
    }

    fn counts(&self, view: &ViewReport) -> bool {
        self.before.contains(&*view.name)
    }

    fn counted(&self) -> impl Iterator<Item = &ViewReport> {
        self.report.views.iter().filter(|view| self.counts(view))
    }

    fn lost(&self) -> impl Iterator<Item = &ViewReport> {
        // One that is down and answers again is about to rise.
        self.counted().filter(|view| view.status.standing == Standing::Down && view.class().is_some())
    }

    fn spare(&self) -> usize {
        self.report.views.len().saturating_sub(self.report.need)
    }
}

/// Whether its last answer is good, and to a question asked after `began`.
fn well_since(view: &ViewReport, began: Instant) -> bool {
    let (Some(Ok(well)), Some(answered)) = (&view.status.last, view.status.answered) else { return false };
    answered.checked_sub(well.elapsed).is_some_and(|asked| asked > began)
}

/// Whether nobody answered at all: what a machine without a network sees everywhere.
fn is_silence(class: ProbeClass) -> bool {
    use ProbeClass::{Dns, Other, Refused, Reset, Timeout};
    matches!(class, Timeout | Refused | Reset | Dns | Other)
}

fn said(view: &ViewReport) -> String {
    let class = view.class().map(|class| class.to_string());
    let so_long = view.since().map(|since| format!("for {}", words(so_long(since))));
    let known: Vec<_> = class.into_iter().chain(so_long).collect();
    format!("{} ({})", view.name, known.join(", "))
}

/// A tenth of a second is as exact as a person wants it.
fn so_long(since: Timestamp) -> Duration {
    let tenths = Timestamp::now().since(since).as_millis() / 100;
    Duration::from_millis(u64::try_from(tenths * 100).unwrap_or(u64::MAX))
}
