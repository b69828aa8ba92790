use std::time::Duration;

use serde::{Deserialize, Serialize};

/// From where a run is watched from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewsSpec {
    /// What is asked: each address is a view, and its name.
    pub addresses: Vec<String>,
    /// How many of them are needed.
    pub need: usize,
    /// From one question to the next.
    pub interval: Duration,
    /// For one question.
    pub timeout: Duration,
    /// Good answers in a row until a view is up.
    pub rise: u32,
    /// Bad answers in a row until it is down.
    pub fall: u32,
}

impl ViewsSpec {
    /// How many may be lost.
    pub fn spare(&self) -> usize {
        self.addresses.len().saturating_sub(self.need)
    }
}
