//! The unit of judgement: candidate and stable over the same stretch of time.

use serde::{Deserialize, Serialize};

use crate::Histogram;

/// One arm of a [`WindowPair`]: differences of monotone counters, so nothing is lost between windows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ArmWindow {
    /// Requests completed (client aborts, pinned and probe requests are not counted anywhere here).
    pub n: u64,
    /// Of them, failed: 5xx, connect or transport error, timeout.
    pub errors: u64,
    /// Requests that crossed the latency limit in this window and have completed.
    pub over: u64,
    /// Requests that crossed the latency limit in this window and are still in flight; counted once, so they are
    /// not in a later window's `over`.
    pub in_flight_over: u64,
    /// How long the completed ones took.
    pub hist: Histogram,
}

/// Candidate and stable over one window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowPair {
    /// Counts up by one per window, over the life of the epoch.
    pub seq: u64,
    /// Names the watch the window belongs to; a new watch or a restart of the agent begins a new one.
    pub epoch: u64,
    /// The candidate's share in force during the window, in basis points; a change of route closes the window.
    pub candidate_bps: u16,
    /// How long the window lasted, in milliseconds.
    pub lasted_ms: u64,
    /// The release being judged.
    pub candidate: ArmWindow,
    /// The release it is compared with.
    pub stable: ArmWindow,
}

impl ArmWindow {
    /// Adds what another window counted.
    pub(crate) fn add(&mut self, other: &Self) {
        self.n = self.n.saturating_add(other.n);
        self.errors = self.errors.saturating_add(other.errors);
        self.over = self.over.saturating_add(other.over);
        self.in_flight_over = self.in_flight_over.saturating_add(other.in_flight_over);
        self.hist.merge(&other.hist);
    }
}

impl WindowPair {
    /// Adds the counts of another window over the same time.
    pub(crate) fn add(&mut self, other: &Self) {
        self.candidate.add(&other.candidate);
        self.stable.add(&other.stable);
        self.lasted_ms = self.lasted_ms.max(other.lasted_ms);
    }

    /// Goes on with the window after it, of the same route.
    pub(crate) fn append(&mut self, next: &Self) {
        let lasted_ms = self.lasted_ms.saturating_add(next.lasted_ms);
        self.add(next);
        (self.seq, self.lasted_ms) = (next.seq, lasted_ms);
    }
}

/// What a reader of the ring gets: the windows after the one it named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pairs {
    /// The watch these windows belong to.
    pub epoch: u64,
    /// Windows that can no longer be had one by one: they are part of a longer one, or gone.
    pub missed: u64,
    /// The windows, oldest first.
    pub pairs: Vec<WindowPair>,
}
