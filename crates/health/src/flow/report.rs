use std::time::Duration;

use handover_core::Timestamp;

use crate::ProbeError;

/// How a [`SmokeFlow`](crate::SmokeFlow) went.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlowReport {
    /// The steps that were taken; what follows a failed one was not.
    pub steps: Vec<FlowStep>,
    /// When it ended.
    pub at: Timestamp,
    /// Nobody waited for its end any more, so it was broken off, and cleaned up.
    pub cancelled: bool,
}

/// How one step went.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlowStep {
    /// The step's name.
    pub name: &'static str,
    /// How long it took, or why it failed.
    pub end: Result<Duration, ProbeError>,
}

impl FlowReport {
    /// Whether every step was taken and passed.
    pub fn passed(&self) -> bool {
        !self.cancelled && self.steps.iter().all(|step| step.end.is_ok())
    }
}
