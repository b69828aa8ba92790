use std::time::Duration;

use handover_core::Timestamp;
use handover_health::{ProbeClass, Standing, ViewReport, ViewsEvent};
use handover_runbook::{Body, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How one view sees the service, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewLine {
    /// Its name: the address asked.
    pub name: String,
    /// Up, down, or not known yet.
    pub standing: Standing,
    /// What kind of failure its last answer was.
    pub class: Option<ProbeClass>,
    /// Since when it stands so; `None` where it always has.
    pub since: Option<Timestamp>,
    /// How often it was asked.
    pub checks: u64,
    /// How long it takes to answer: the 95th percentile of the last 128 times.
    pub p95_ms: Option<u64>,
    /// Whether it saw the service well before the switch. Only such a view can lose it.
    pub counts: bool,
}

impl ViewLine {
    pub(super) fn of(view: &ViewReport, counts: bool) -> Self {
        Self {
            name: view.name.to_string(),
            standing: view.status.standing,
            class: view.class(),
            since: view.since(),
            checks: view.status.checks,
            p95_ms: view.status.lately.p95.map(millis),
            counts,
        }
    }

    /// The lines under `views` of what a step recorded; `None` where there are none.
    pub(super) fn all_in(evidence: &Value) -> Option<Vec<Self>> {
        serde_json::from_value(evidence.get("views")?.clone()).ok()
    }
}

/// How each view saw the service when it was last told of: the records of a run, folded.
pub fn view_lines(records: &[Record]) -> Vec<ViewLine> {
    let mut lines = Vec::new();
    for record in records {
        match &record.body {
            Body::Proceeded { evidence, .. } | Body::Turned { evidence, .. } => {
                lines = ViewLine::all_in(evidence).unwrap_or(lines);
            }
            Body::Noted { note, .. } => {
                if let Some(told) = note.get("view").and_then(|view| Changed::deserialize(view).ok()) {
                    told.tell(&mut lines);
                }
            }
            _ => {}
        }
    }
    lines
}

/// A view's change, as a note.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Changed {
    pub(crate) name: String,
    pub(crate) from: Standing,
    pub(crate) to: Standing,
    pub(crate) at: Timestamp,
    pub(crate) lasted_ms: u64,
    pub(crate) class: Option<ProbeClass>,
}

impl Changed {
    fn tell(self, lines: &mut [ViewLine]) {
        if let Some(line) = lines.iter_mut().find(|line| line.name == self.name) {
            (line.standing, line.class, line.since) = (self.to, self.class, Some(self.at));
        }
    }
}

/// What the run's story keeps of a change; nothing of a view that was found well when it was first asked.
pub(crate) fn note(event: &ViewsEvent) -> Option<Value> {
    match event {
        ViewsEvent::View { change, .. } if is_beginning(change.from, change.to) => None,
        ViewsEvent::Whole { from, to, .. } if is_beginning(*from, *to) => None,
        ViewsEvent::View { name, change } => {
            let (name, lasted_ms) = (name.to_string(), millis(change.lasted));
            let (from, to, at, class) = (change.from, change.to, change.at, change.class);
            Some(json!({ "view": Changed { name, from, to, at, lasted_ms, class } }))
        }
        ViewsEvent::Whole { from, to, down } => Some(
            json!({ "quorum": { "from": from, "to": to, "down": down.iter().map(|name| &**name).collect::<Vec<_>>() } }),
        ),
        _ => None,
    }
}

fn is_beginning(from: Standing, to: Standing) -> bool {
    (from, to) == (Standing::Starting, Standing::Up)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
