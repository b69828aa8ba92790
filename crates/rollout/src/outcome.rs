use handover_runbook::{Body, Ending, Record};
use serde::{Deserialize, Serialize};

use crate::outline::SHIFT;

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

/// Whether the candidate was ever about to get traffic: an intent counts, since nobody can exclude its effect.
fn had_traffic(records: &[Record]) -> bool {
    let shift = format!("{SHIFT}-");
    records.iter().any(|r| matches!(&r.body, Body::Intent { step, .. } if step.as_str().starts_with(&shift)))
}
