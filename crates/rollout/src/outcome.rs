use handover_runbook::{Body, Ending, Order, Record, StepName};
use serde::{Deserialize, Serialize};

use crate::outline::{RESTORE, SHIFT};

/// How a run stands, in a deployment's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The candidate is stable.
    Promoted,
    /// Traffic had moved and was taken back.
    RolledBack,
    /// The run failed or was refused before any traffic moved.
    Refused,
    /// The way back could not be finished; the best that serves keeps the traffic.
    Stuck,
    /// Not over.
    Unfinished,
}

impl Outcome {
    /// Reads the outcome from a run's records.
    pub fn of(records: &[Record]) -> Self {
        let ending = records.iter().rev().find_map(|record| match &record.body {
            Body::Ended { ending } => Some(ending),
            _ => None,
        });
        match ending {
            None => Self::Unfinished,
            Some(Ending::Done) => Self::Promoted,
            Some(Ending::Stuck { .. }) => Self::Stuck,
            Some(Ending::TurnedBack { .. }) if had_traffic(records) => Self::RolledBack,
            Some(Ending::TurnedBack { .. }) => Self::Refused,
        }
    }

    /// For people: `promoted`, `rolled back`, ...
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Promoted => "promoted",
            Self::RolledBack => "rolled back",
            Self::Refused => "refused",
            Self::Stuck => "stuck",
            Self::Unfinished => "unfinished",
        }
    }
}

/// Whether the candidate ever had traffic. An intent counts, since nobody can exclude its effect, unless the way back
/// found everything where it belongs and nothing on its way; and also then where an order came first, since whoever
/// gives it (the agent's guard) may have moved the traffic back before.
fn had_traffic(records: &[Record]) -> bool {
    let shift = format!("{SHIFT}-");
    let is_shift = |step: &StepName| step.as_str().starts_with(&shift);
    let meant = records.iter().any(|r| matches!(&r.body, Body::Intent { step, .. } if is_shift(step)));
    let made = records.iter().any(|r| matches!(&r.body, Body::Verified { step, .. } if is_shift(step)));
    made || (meant && (ordered_back(records) || !was_untouched(records)))
}

fn ordered_back(records: &[Record]) -> bool {
    records.iter().any(|r| matches!(&r.body, Body::Ordered { order: Order::TurnBack { .. }, .. }))
}

fn was_untouched(records: &[Record]) -> bool {
    records.iter().any(|r| {
        matches!(&r.body, Body::Intent { step, want, seen, .. } if step.as_str() == RESTORE && want == seen)
    })
}

#[cfg(test)]
mod tests {
    use handover_core::{Fence, OpId, Timestamp};
    use handover_runbook::FORMAT;
    use serde_json::{Value, json};

    use super::*;

    fn records(bodies: Vec<Body>) -> Vec<Record> {
        let record = |(seq, body)| Record {
            format: FORMAT,
            run: "run-1".parse().unwrap(),
            seq,
            at: Timestamp::from_unix_millis(0),
            fence: Fence::ZERO,
            body,
            prev: String::new(),
            hash: String::new(),
        };
        (0..).zip(bodies).map(record).collect()
    }

    fn intent(step: &str, want: Value, seen: Value) -> Body {
        Body::Intent { step: StepName::new(step), op: OpId::new(step), want, seen }
    }

    /// A shift whose end nobody wrote down, what came between, and a way back that found the traffic at home.
    fn untouched(between: Option<Body>) -> Outcome {
        let shift = intent("shift-50", json!(5_000), json!(0));
        let restore = intent("restore", json!(0), json!(0));
        let ended = Body::Ended { ending: Ending::TurnedBack { why: String::new() } };
        let bodies = [Some(shift), between, Some(restore), Some(ended)];
        Outcome::of(&records(bodies.into_iter().flatten().collect()))
    }

    #[test]
    fn a_shift_that_is_found_undone_gave_no_traffic() {
        assert_eq!(untouched(None), Outcome::Refused);
    }

    #[test]
    fn a_shift_that_the_guard_took_back_may_have_given_traffic() {
        let order = Order::TurnBack { verb: "rollback".into(), reason: None };
        let by = "the agent's guard".into();
        assert_eq!(untouched(Some(Body::Ordered { number: 1, order, by })), Outcome::RolledBack);
    }
}
