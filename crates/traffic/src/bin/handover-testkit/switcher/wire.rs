//! The shapes of `docs/exec.md`, from the program's side.

use std::time::Duration;

use handover_core::{Fence, Slot};
use handover_traffic::{Change, Revision};
use serde::{Deserialize, Serialize};

pub(super) const VERSION: u64 = 1;

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    pub(super) handover: u64,
    #[serde(flatten)]
    pub(super) call: Call,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "call")]
pub(super) enum Call {
    Capabilities,
    Observe,
    Apply { change: Change },
    Drain { slot: Slot, limit: Duration },
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    Ok(serde_json::Value),
    Error(Complaint),
}

#[derive(Debug, Serialize)]
pub(super) struct Versioned {
    handover: u64,
    #[serde(flatten)]
    answer: Answer,
}

impl Answer {
    pub(super) const fn versioned(self) -> Versioned {
        Versioned { handover: VERSION, answer: self }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(super) enum Complaint {
    Conflict { expected: Revision, found: Revision },
    Fenced { seen: Fence },
    Unsupported { message: String },
    Refused { message: String },
    Unconfirmed { message: String },
}

impl Complaint {
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::Refused { message: message.into() }
    }
}

/// A file that could not be read or written: whether anything was changed is not known.
impl From<std::io::Error> for Complaint {
    fn from(error: std::io::Error) -> Self {
        Self::Unconfirmed { message: error.to_string() }
    }
}

impl From<serde_json::Error> for Complaint {
    fn from(error: serde_json::Error) -> Self {
        Self::Unconfirmed { message: error.to_string() }
    }
}
