//! What happened in a run and why, as data: `handover explain` prints it, a page can draw it.

use std::collections::HashMap;
use std::time::Duration;

use handover_core::Timestamp;
use handover_health::ProbeClass;
use handover_runbook::{Body, Ending, Record, StepName};
use serde::{Deserialize as _, Serialize};
use serde_json::Value;

use crate::outlook::Changed;
use crate::words::words;
use crate::{Outcome, Plan, StepOutline, ViewLine, flags, order_words};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chapter {
    /// When.
    pub at: Timestamp,
    /// The step it happened in.
    pub step: Option<String>,
    /// One line for a person.
    pub what: String,
    /// The numbers it rests on, where it rests on any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Value>,
}

/// A run from its first record to its last.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Story {
    /// How it stands.
    pub outcome: Outcome,
    /// Why it went back or stopped, in one sentence.
    pub why: Option<String>,
    /// What that rests on: verdict, log lines.
    pub evidence: Option<Value>,
    /// In order of time.
    pub chapters: Vec<Chapter>,
}

impl Story {
    /// Tells the run from its records.
    pub fn of(records: &[Record]) -> Self {
        let turned = records.iter().find_map(|record| match &record.body {
            Body::Turned { why, evidence } => Some((why.clone(), evidence.clone())),
            _ => None,
        });
        let (why, evidence) = turned.unzip();
        let stuck = records.iter().find_map(|record| match &record.body {
            Body::Ended { ending: Ending::Stuck { why } } => Some(why.clone()),
            _ => None,
        });
        let mut teller = Teller::default();
        Self {
            outcome: Outcome::of(records),
            why: stuck.or(why),
            evidence: evidence.filter(|value| !value.is_null()),
            chapters: records.iter().filter_map(|record| teller.tell(record)).collect(),
        }
    }
}

/// The step, what happened, and what it rests on.
type Line<'a> = (Option<&'a StepName>, String, Option<&'a Value>);

/// Tells a run record by record, as they are written.
#[derive(Debug, Default)]
pub struct Teller {
    steps: HashMap<StepName, String>,
}

impl Teller {
    /// The chapter of `record`; `None` for a record that only serves resuming.
    pub fn tell(&mut self, record: &Record) -> Option<Chapter> {
        if let Body::Sealed { plan } = &record.body {
            self.learn(plan);
        }
        let (step, what, evidence) = self.line(&record.body)?;
        let evidence = evidence.filter(|value| !value.is_null()).cloned();
        Some(Chapter { at: record.at, step: step.map(ToString::to_string), what, evidence })
    }

    fn learn(&mut self, plan: &Value) {
        let Ok(plan) = Plan::from_sealed(plan) else { return };
        let outline = plan.outline();
        let steps = outline.forward.into_iter().chain(outline.back);
        self.steps = steps.map(|StepOutline { name, does, .. }| (name, does)).collect();
    }

    fn line<'a>(&self, body: &'a Body) -> Option<Line<'a>> {
        Some(match body {
            Body::Sealed { plan } => (None, sealed(plan), None),
            Body::Verified { step, proof } => self.verified(step, proof),
            Body::Proceeded { step, evidence } => (Some(step), self.passed(step, evidence), Some(evidence)),
            Body::Failed { step, causes } if flags::is_step_back(step) => {
                (Some(step), format!("warning: {}", causes.join(": ")), None)
            }
            Body::Failed { step, causes } => (Some(step), format!("failed: {}", causes.join(": ")), None),
            Body::Noted { step, note } => (Some(step), noted(note), None),
            Body::Ordered { order, by, .. } => (None, format!("{by} ordered: {}", order_words(order)), None),
            Body::Conflicted { step, found } => {
                (Some(step), format!("found a state that nobody here made: {found}"), None)
            }
            Body::Turned { why, evidence } => (None, format!("going back: {why}"), Some(evidence)),
            Body::Ended { ending } => (None, ended(ending), None),
            _ => return None,
        })
    }

    fn verified<'a>(&self, step: &'a StepName, proof: &'a Value) -> Line<'a> {
        match flags::told(proof) {
            Some(told) => (Some(step), told, Some(proof)),
            None => (Some(step), self.does(step), None),
        }
    }

    fn does(&self, step: &StepName) -> String {
        self.steps.get(step).cloned().unwrap_or_else(|| "done".into())
    }

    fn passed(&self, step: &StepName, evidence: &Value) -> String {
        brief(evidence).unwrap_or_else(|| self.does(step))
    }
}

fn sealed(plan: &Value) -> String {
    match Plan::from_sealed(plan) {
        Ok(plan) => {
            let over = plan.stable.map_or("as the first release".into(), |stable| format!("over {stable}"));
            format!("release {} in {}, {over}, planned by {}", plan.candidate, plan.slot, plan.by)
        }
        Err(error) => error.to_string(),
    }
}

fn noted(note: &Value) -> String {
    let verdict = note.pointer("/verdict/reason").and_then(Value::as_str);
    let asked = note.get("ask").and_then(Value::as_str);
    match (verdict, asked) {
        (Some(reason), _) => reason.to_owned(),
        (_, Some(question)) => format!("waiting for a person: {question}"),
        _ if outside(note).is_some() => outside(note).unwrap_or_default(),
        _ if note.get("drained").is_some() => {
            let left = note.get("drained").and_then(drained).unwrap_or_else(|| "drained".into());
            format!("the former release: {left}")
        }
        _ if note.get("ask").is_some() => "no longer waiting for a person".into(),
        _ => note.to_string(),
    }
}

/// What was told of the views.
fn outside(note: &Value) -> Option<String> {
    if let Some(class) = note.get("cut_off").and_then(|class| ProbeClass::deserialize(class).ok()) {
        return Some(format!(
            "no view is answered ({class}), and the backend does not answer either: this machine is cut off, so the run waits"
        ));
    }
    if let Some(changed) = note.get("view").and_then(|view| Changed::deserialize(view).ok()) {
        return Some(view_changed(&changed));
    }
    let quorum = note.get("quorum")?;
    let to = quorum.get("to")?.as_str()?;
    let down: Vec<_> = quorum.get("down")?.as_array()?.iter().filter_map(Value::as_str).collect();
    Some(format!(
        "from outside the service is {to}; down: {}",
        if down.is_empty() { "none".into() } else { down.join(", ") }
    ))
}

fn view_changed(changed: &Changed) -> String {
    let Changed { name, from, to, lasted_ms, class, .. } = changed;
    let class = class.map(|class| format!(" ({class})")).unwrap_or_default();
    let before = format!("{} for {}", from.as_str(), words(Duration::from_millis(*lasted_ms)));
    format!("view {name} is {}{class}, after being {before}", to.as_str())
}

/// Which views will count.
fn seen_before(evidence: &Value) -> Option<String> {
    let lines: Vec<ViewLine> = serde_json::from_value(evidence.get("views")?.clone()).ok()?;
    let decides = evidence.get("decides")?.as_bool()?;
    let (up, down): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.counts);
    let not = |line: &&ViewLine| match line.class {
        Some(class) => format!("{} ({class})", line.name),
        None => line.name.clone(),
    };
    let but = match down.len() {
        0 => String::new(),
        _ => format!(
            "; what did not before the switch does not count: {}",
            down.iter().map(not).collect::<Vec<_>>().join(", ")
        ),
    };
    let told = if decides { "" } else { "; warning: too few to decide anything, so they are only told of" };
    Some(format!("{} of {} outside views see the service well{but}{told}", up.len(), lines.len()))
}

fn ended(ending: &Ending) -> String {
    match ending {
        Ending::Done => "done".into(),
        // Why was said when it turned.
        Ending::TurnedBack { .. } => "back where it was".into(),
        Ending::Stuck { why } => format!("stuck: {why}"),
    }
}

/// What let a watch pass, in a few words.
fn brief(evidence: &Value) -> Option<String> {
    let text = |pointer: &str| evidence.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    if let Some(by) = text("/by") {
        return Some(format!("ended early by {by}"));
    }
    text("/ready")
        .or_else(|| text("/verdict/reason"))
        .or_else(|| text("/migrations"))
        .or_else(|| seen_before(evidence))
        .or_else(|| proof(evidence))
        .or_else(|| drained(evidence))
}

fn proof(evidence: &Value) -> Option<String> {
    match evidence.get("proof")?.as_str()? {
        "probed" => Some(format!(
            "{} of {} fresh connections answered by the wanted release",
            evidence.get("hits")?,
            evidence.get("probes")?
        )),
        "counted" => Some(format!(
            "{} requests counted at the wanted release, none at the other",
            evidence.get("moved")?
        )),
        "read_back" => Some("the split reads back as set".into()),
        _ => None,
    }
}

fn drained(evidence: &Value) -> Option<String> {
    match evidence.get("drained")?.as_str()? {
        "clean" => Some("nothing left in flight".into()),
        "timed_out" => Some(format!(
            "time is up with {} requests, {} streams, {} upgrades left",
            evidence.get("requests")?,
            evidence.get("streams")?,
            evidence.get("upgrades")?
        )),
        _ => None,
    }
}
