//! A run told to somebody who was not there.

use std::fmt;
use std::time::Duration;

use handover_core::Timestamp;
use handover_rollout::{Chapter, MigrationCheck, Outcome, Plan, Story};
use handover_runbook::{Body, Record};
use serde::Serialize;
use serde_json::Value;

use super::evidence::Evidence;
use crate::follow::{Stand, Waiting};
use crate::output::{count, moment, short_duration};
use crate::text::one_line;

/// The version of the JSON form.
const VERSION: u32 = 1;

/// Everything worth knowing of a run; also its `--json` form.
#[derive(Debug, Serialize)]
pub(super) struct Tale {
    version: u32,
    run: String,
    release: Option<String>,
    over: Option<String>,
    by: Option<String>,
    outcome: Outcome,
    began: Timestamp,
    took_ms: u64,
    why: Option<String>,
    waiting: Option<Waiting>,
    evidence: Option<Value>,
    /// What was found in the migrations that went with it, and who accepted what.
    #[serde(skip_serializing_if = "Option::is_none")]
    migrations: Option<MigrationCheck>,
    /// Users' requests that the candidate answered with an error, where the judge counted them.
    harmed: Option<u64>,
    timeline: Vec<Chapter>,
}

impl Tale {
    /// Tells the run of these records; there must be one.
    pub(super) fn of(records: &[Record]) -> Option<Self> {
        let (first, last) = records.first().zip(records.last())?;
        let plan = match &first.body {
            Body::Sealed { plan } => Plan::from_sealed(plan).ok(),
            _ => None,
        };
        let Story { outcome, why, evidence, chapters } = Story::of(records);
        let evidence = evidence.or_else(|| last_verdict(&chapters));
        let going_on = plan.as_ref().filter(|_| outcome == Outcome::Unfinished);
        Some(Self {
            version: VERSION,
            run: first.run.to_string(),
            waiting: going_on.map(|plan| Stand::of(plan, records, None).waiting),
            release: plan.as_ref().map(|plan| plan.candidate.to_string()),
            over: plan.as_ref().and_then(|plan| plan.stable.as_ref()).map(ToString::to_string),
            by: plan.as_ref().map(|plan| plan.by.clone()),
            migrations: plan.and_then(|plan| plan.migrations),
            outcome,
            began: first.at,
            took_ms: u64::try_from(last.at.since(first.at).as_millis()).unwrap_or(u64::MAX),
            why,
            harmed: evidence.as_ref().and_then(|evidence| Evidence::read(evidence).harmed()),
            evidence,
            timeline: chapters,
        })
    }

    fn heading(&self) -> String {
        let release = self.release.as_deref().unwrap_or("of a plan that cannot be read");
        let over = self.over.as_ref().map_or_else(|| "the first one".into(), |over| format!("over {over}"));
        let by = self.by.as_ref().map(|by| format!(", planned by {by}")).unwrap_or_default();
        match self.release {
            Some(_) => format!("run {}: release {release}, {over}{by}", self.run),
            None => format!("run {} {release}", self.run),
        }
    }

    fn outcome(&self) -> String {
        let took = short_duration(Duration::from_millis(self.took_ms));
        let (began, ended) =
            (moment(self.began), moment(self.began.plus(Duration::from_millis(self.took_ms))));
        match (self.outcome, &self.waiting) {
            (Outcome::Unfinished, Some(Waiting::Person { question })) => {
                format!("began {began} and waits for a person: {question}")
            }
            (Outcome::Unfinished, Some(Waiting::Paused)) => format!("began {began} and is paused"),
            (Outcome::Unfinished, _) => format!("began {began} and has not ended"),
            (outcome, _) => format!("{} at {ended}, after {took}", outcome.as_str()),
        }
    }
}

/// What was judged, by whom and since when, and what was let pass.
fn migration_lines(check: &MigrationCheck) -> Vec<String> {
    let mut lines = vec![MigrationCheck { accepted: Vec::new(), ..check.clone() }.told()];
    lines.push(format!("applied before: {}", check.base));
    for acceptance in &check.accepted {
        lines.push(format!("{}, {}", acceptance.told(), moment(acceptance.at)));
        lines.extend(acceptance.findings.iter().map(|finding| format!("  {finding}")));
    }
    lines
}

/// A run that was promoted has no reason to go back; what let it pass is worth telling instead.
fn last_verdict(chapters: &[Chapter]) -> Option<Value> {
    let all = chapters.iter().rev().filter_map(|chapter| chapter.evidence.as_ref());
    all.into_iter().find(|evidence| evidence.get("verdict").is_some()).cloned()
}

impl fmt::Display for Tale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", one_line(&self.heading()), one_line(&self.outcome()))?;
        if let Some(why) = self.why.as_ref().filter(|why| !why.is_empty()) {
            section(f, "why", [why.clone()])?;
        }
        if let Some(evidence) = &self.evidence {
            let Evidence { log, .. } = Evidence::read(evidence);
            section(f, "evidence", self.evidence_lines(evidence))?;
            section(f, "the release's log, at its end", log)?;
        }
        section(f, "migrations", self.migrations.iter().flat_map(migration_lines))?;
        section(
            f,
            "timeline, from the start of the run",
            self.timeline.iter().map(|chapter| self.line(chapter)),
        )
    }
}

impl Tale {
    fn evidence_lines(&self, evidence: &Value) -> Vec<String> {
        let evidence = Evidence::read(evidence);
        let mut lines = evidence.sentences();
        lines.extend(evidence.stage.map(|stage| format!("the stage had lasted {}", short_duration(stage))));
        lines.extend(self.harmed.map(|harmed| match harmed {
            1 => "1 user's request was harmed until then".into(),
            harmed => format!("{} users' requests were harmed until then", count(harmed)),
        }));
        lines
    }

    fn line(&self, chapter: &Chapter) -> String {
        let after = format!("+{}", short_duration(chapter.at.since(self.began)));
        format!("{after:<8} {:<16} {}", chapter.step.as_deref().unwrap_or_default(), chapter.what)
    }
}

/// A heading with lines under it; nothing where there are none.
fn section(
    f: &mut fmt::Formatter<'_>,
    heading: &str,
    lines: impl IntoIterator<Item = String>,
) -> fmt::Result {
    let mut lines = lines.into_iter().peekable();
    if lines.peek().is_some() {
        write!(f, "\n\n{heading}")?;
    }
    lines.try_for_each(|line| write!(f, "\n  {}", one_line(&line)))
}
