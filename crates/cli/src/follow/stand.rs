//! How a run stands at one moment, as values that any view can show.

use std::time::Duration;

use handover_core::Timestamp;
use handover_edge::api::{AgentStatus, Recent};
use handover_rollout::{Plan, Stage};
use handover_runbook::{Body, Order, Record};
use serde::Serialize;

/// What a run waits for, if it waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "for")]
pub(crate) enum Waiting {
    /// Nothing: it goes on by itself.
    Nothing,
    /// Somebody paused it.
    Paused,
    /// A person's answer.
    Person {
        /// What is asked.
        question: String,
    },
}

impl Waiting {
    /// Whether only a person can make the run go on.
    pub(crate) fn is_some_for_a_person(&self) -> bool {
        *self != Self::Nothing
    }
}

/// One arm of the traffic in the last minute.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Arm {
    /// Which release.
    pub(crate) release: String,
    /// Its share as the agent serves it, in basis points.
    pub(crate) seen_bps: u16,
    /// Requests, errors and p95 of the last 60 s.
    pub(crate) recent: Recent,
}

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Stand {
    /// The step in hand.
    pub(crate) step: String,
    /// The candidate's share that the plan wants now, in basis points.
    pub(crate) wanted_bps: u16,
    /// The release being rolled out.
    pub(crate) candidate: Option<Arm>,
    /// The one it is compared with.
    pub(crate) stable: Option<Arm>,
    /// Until the step in hand may end by the clock, in milliseconds.
    pub(crate) gate_in_ms: Option<u64>,
    /// What it waits for.
    pub(crate) waiting: Waiting,
    /// Whether the run goes back.
    pub(crate) going_back: bool,
}

impl Stand {
    /// Until the step in hand may end by the clock.
    pub(crate) fn gate_in(&self) -> Option<Duration> {
        self.gate_in_ms.map(Duration::from_millis)
    }

    /// Reads the stand from the records and the agent's status.
    pub(crate) fn of(plan: &Plan, records: &[Record], status: Option<&AgentStatus>) -> Self {
        let step = step_in_hand(records);
        Self {
            gate_in_ms: gate(plan, records, &step).and_then(|left| u64::try_from(left.as_millis()).ok()),
            wanted_bps: wanted(plan, records),
            candidate: status.map(|s| arm(plan.candidate.to_string(), s, plan.slot)),
            stable: plan
                .stable
                .as_ref()
                .and_then(|stable| status.map(|s| arm(stable.to_string(), s, plan.slot.other()))),
            waiting: waiting(records),
            going_back: records.iter().any(|r| matches!(r.body, Body::Turned { .. })),
            step,
        }
    }
}

fn arm(release: String, status: &AgentStatus, slot: handover_core::Slot) -> Arm {
    Arm { release, seen_bps: status.route.route.split.bps(slot), recent: status.recent[slot].clone() }
}

fn step_in_hand(records: &[Record]) -> String {
    let step = records.iter().rev().find_map(|record| match &record.body {
        Body::Intent { step, .. } | Body::Watching { step } => Some(step.to_string()),
        _ => None,
    });
    step.unwrap_or_else(|| "starting".into())
}

/// The share in the last intent to move traffic, in the candidate's terms.
fn wanted(plan: &Plan, records: &[Record]) -> u16 {
    let green = records.iter().rev().find_map(|record| match &record.body {
        Body::Intent { want, .. } => want.get("green_bps").and_then(serde_json::Value::as_u64),
        _ => None,
    });
    let split = green.and_then(|bps| handover_traffic::Split::from_green_bps(u16::try_from(bps).ok()?).ok());
    split.map_or(0, |split| split.bps(plan.slot))
}

fn gate(plan: &Plan, records: &[Record], step: &str) -> Option<Duration> {
    let began = records.iter().rev().find_map(|record| match &record.body {
        Body::Watching { step: watched } if watched.as_str() == step => Some(record.at),
        _ => None,
    })?;
    let lasts = if step == "bake" { plan.bake } else { stage_of(plan, step)?.min_time };
    Some(lasts.saturating_sub(Timestamp::now().since(began)))
}

fn stage_of<'a>(plan: &'a Plan, step: &str) -> Option<&'a Stage> {
    let share: f64 = step.strip_prefix("judge-")?.parse().ok()?;
    plan.stages.iter().find(|stage| (f64::from(stage.weight_bps) / 100.0 - share).abs() < 1e-9)
}

/// What nothing later answered: the last question, else a pause, which outlasts the step it was ordered in.
fn waiting(records: &[Record]) -> Waiting {
    let (mut question, mut paused, mut going_back) = (None, false, false);
    for record in records {
        match &record.body {
            Body::Noted { note, .. } => {
                if let Some(asked) = note.get("ask") {
                    question = asked.as_str().map(str::to_owned);
                }
            }
            Body::Conflicted { step, .. } => {
                question =
                    Some(format!("{step} found a state that nobody here made; approve to apply it again"));
            }
            Body::Ordered { order: Order::Pause, .. } => paused = !going_back,
            Body::Ordered { order: Order::Continue, .. } => paused = false,
            Body::Ordered { .. } | Body::Proceeded { .. } => question = None,
            Body::Turned { .. } | Body::Ended { .. } => (question, paused, going_back) = (None, false, true),
            _ => {}
        }
    }
    match question {
        Some(question) => Waiting::Person { question },
        None if paused => Waiting::Paused,
        None => Waiting::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use handover_core::Fence;
    use handover_runbook::StepName;
    use serde_json::{Value, json};

    use super::*;

    fn record(body: Body) -> Record {
        let run = "20261123-120000-abcd".parse().unwrap();
        let (at, fence) = (Timestamp::from_unix_millis(0), Fence::ZERO);
        Record { format: 1, run, seq: 0, at, fence, body, prev: String::new(), hash: String::new() }
    }

    fn ordered(order: Order) -> Record {
        record(Body::Ordered { number: 1, order, by: "a person".into() })
    }

    fn noted(note: Value) -> Record {
        record(Body::Noted { step: StepName::new("judge-50"), note })
    }

    fn proceeded() -> Record {
        record(Body::Proceeded { step: StepName::new("verify-50"), evidence: Value::Null })
    }

    fn turned() -> Record {
        record(Body::Turned { why: "too many errors".into(), evidence: Value::Null })
    }

    #[test]
    fn a_pause_outlasts_the_step_it_was_ordered_in_and_ends_with_resume_or_the_way_back() {
        let pause = || ordered(Order::Pause);
        assert_eq!(waiting(&[pause(), proceeded()]), Waiting::Paused);
        assert_eq!(waiting(&[pause(), proceeded(), ordered(Order::Continue)]), Waiting::Nothing);
        assert_eq!(waiting(&[pause(), turned()]), Waiting::Nothing);
        assert_eq!(waiting(&[turned(), pause()]), Waiting::Nothing);
    }

    #[test]
    fn a_question_stands_until_it_is_answered_or_withdrawn() {
        let asked = || noted(json!({ "ask": "go on?" }));
        let person = Waiting::Person { question: "go on?".into() };
        assert_eq!(waiting(&[asked(), noted(json!({ "drained": null }))]), person);
        assert_eq!(waiting(&[asked(), ordered(Order::Continue)]), person);
        for answer in [ordered(Order::Approve), proceeded(), noted(json!({ "ask": null })), turned()] {
            assert_eq!(waiting(&[asked(), answer]), Waiting::Nothing);
        }
    }
}
