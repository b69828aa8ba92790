use std::sync::Arc;

use handover_core::Timestamp;

/// One walk through a [`SmokeFlow`](crate::SmokeFlow): what its steps share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmokeRun {
    tag: Arc<str>,
}

impl SmokeRun {
    /// What every tag begins with.
    pub const PREFIX: &str = "handover-smoke-";

    pub(super) fn new() -> Self {
        // The moment keeps tags apart over the years, the number within a millisecond and between instances.
        let (moment, number) = (Timestamp::now().unix_millis(), crate::watch::random());
        Self { tag: format!("{}{moment:013}-{number:016x}", Self::PREFIX).into() }
    }

    /// Marks what this run creates, so that it can be told from a user's, and found again by its cleanup or, should
    /// the process die, by the reaper: `handover-smoke-1764404083120-9c56cc51b374c3ba`. Letters, digits and `-`.
    pub fn tag(&self) -> &str {
        &self.tag
    }
}
