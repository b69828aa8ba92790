use handover_runbook::{Body, Ending, Record, StepName};
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

/// Whether the candidate ever had traffic. An intent counts, since nobody can exclude its effect, unless the way back found
/// everything where it belongs and nothing on its way.
fn had_traffic(records: &[Record]) -> bool {
    let shift = format!("{SHIFT}-");
    let is_shift = |step: &StepName| step.as_str().starts_with(&shift);
    let meant = records.iter().any(|r| matches!(&r.body, Body::Intent { step, .. } if is_shift(step)));
    let made = records.iter().any(|r| matches!(&r.body, Body::Verified { step, .. } if is_shift(step)));
    let untouched = records.iter().any(|r| {
        matches!(&r.body, Body::Intent { step, want, seen, .. } if step.as_str() == RESTORE && want == seen)
    });
    made || (meant && !untouched)
}
