use serde::{Deserialize, Serialize};

/// How a run ended. Nothing is recorded after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "how")]
pub enum Ending {
    /// Every step of the way forward is done.
    Done,
    /// The run went back, and the way back is done.
    TurnedBack {
        /// Why it turned, for a person.
        why: String,
    },
    /// A step of the way back failed; the steps after it were not tried.
    Stuck {
        /// Which, and why, for a person.
        why: String,
    },
}
