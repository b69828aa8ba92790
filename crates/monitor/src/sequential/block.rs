//! Windows put together until there are enough requests of both arms to learn from.
//!
//! A comparison learns nothing from a block that has only one of the arms, and the fewer requests in a block, the more
//! of them lie alone in theirs. So a block ends by counts, whatever windows a caller cuts: never by the clock alone,
//! and never by outcome, which would choose its own evidence.

use std::time::Duration;

use crate::LatencyCode;
use crate::histogram::Histogram;
use crate::pair::{ArmWindow, WindowPair};

/// Requests of both arms that end a block; at a share of 10 %, two or three of them are the candidate's.
const REQUESTS: u64 = 25;
/// Fewer samples than this have no p95: it would be the slowest of them.
const ENOUGH: u64 = 20;
/// The fewest of each arm.
const OF_EACH: u64 = 2;

/// Counts of one arm.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arm {
    /// Completed requests.
    pub(crate) n: u64,
    /// Of them, failed.
    pub(crate) errors: u64,
    /// Requests that crossed the latency limit, completed or not, each once.
    pub(crate) slow: u64,
    /// Of them, those without an answer when counted.
    pub(crate) waiting: u64,
    /// Completed requests that had been counted as waiting before.
    late: u64,
    /// How long the completed ones took.
    pub(crate) hist: Histogram,
}

/// Both arms over some windows of one route.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    pub(crate) candidate: Arm,
    pub(crate) stable: Arm,
    pub(crate) lasted: Duration,
}

impl Block {
    pub(crate) fn add(&mut self, pair: &WindowPair, limit: Duration) {
        self.candidate.take(&pair.candidate, limit);
        self.stable.take(&pair.stable, limit);
        self.lasted = self.lasted.saturating_add(Duration::from_millis(pair.lasted_ms));
    }

    /// Whether it has enough requests, at this share of the `whole`. Who is alone is compared with nobody: each window
    /// says something.
    pub(crate) fn closes(&self, candidate_bps: u16, whole: u16) -> bool {
        let (candidate, stable) = (self.candidate.seen(), self.stable.seen());
        if candidate_bps == 0 || candidate_bps >= whole {
            return candidate.saturating_add(stable) > 0;
        }
        candidate.saturating_add(stable) >= REQUESTS && candidate.min(stable) >= OF_EACH
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.candidate.seen() == 0 && self.stable.seen() == 0
    }

    /// The candidate's share of the requests; one of the ends where there is nothing to compare.
    pub(crate) fn share(&self) -> f64 {
        share(self.candidate.seen(), self.stable.seen())
    }

    /// Its share of the completed ones.
    pub(crate) fn share_completed(&self) -> f64 {
        share(self.candidate.n, self.stable.n)
    }
}

impl Arm {
    /// Adds a window; impossible counts are cut to possible ones.
    fn take(&mut self, arm: &ArmWindow, limit: Duration) {
        let over = arm.over.min(arm.n);
        let late = arm.hist.count_over(limit).saturating_sub(over);
        self.n = self.n.saturating_add(arm.n);
        self.errors = self.errors.saturating_add(arm.errors.min(arm.n));
        self.slow = self.slow.saturating_add(over.saturating_add(arm.in_flight_over));
        self.waiting = self.waiting.saturating_add(arm.in_flight_over);
        self.late = self.late.saturating_add(late);
        self.hist.merge(&arm.hist);
    }

    /// Adds another stretch.
    pub(crate) fn add(&mut self, other: &Self) {
        self.n = self.n.saturating_add(other.n);
        self.errors = self.errors.saturating_add(other.errors);
        self.slow = self.slow.saturating_add(other.slow);
        self.waiting = self.waiting.saturating_add(other.waiting);
        self.late = self.late.saturating_add(other.late);
        self.hist.merge(&other.hist);
    }

    /// Takes a stretch away again that was added before.
    pub(crate) fn remove(&mut self, other: &Self) {
        self.n = self.n.saturating_sub(other.n);
        self.errors = self.errors.saturating_sub(other.errors);
        self.slow = self.slow.saturating_sub(other.slow);
        self.waiting = self.waiting.saturating_sub(other.waiting);
        self.late = self.late.saturating_sub(other.late);
        self.hist.subtract(&other.hist);
    }

    /// Requests seen, answered or not.
    pub(crate) fn seen(&self) -> u64 {
        self.n.saturating_add(self.waiting)
    }

    /// Requests that took longer than `code`, each once: one that waits past the limit has, if the limit is longer.
    pub(crate) fn beyond(&self, code: LatencyCode, limit: Duration) -> u64 {
        let completed = self.hist.count_beyond(code);
        if code > LatencyCode::of(limit) {
            return completed;
        }
        completed.saturating_sub(self.late).saturating_add(self.waiting).min(self.seen())
    }

    /// The 95th percentile, requests that still wait taken as having just crossed the limit; absent below 20 requests,
    /// where it would be the slowest one.
    pub(crate) fn p95(&self, limit: Duration) -> Option<LatencyCode> {
        let waiting = self.waiting.saturating_sub(self.late);
        let count = self.hist.count().saturating_add(waiting);
        (count >= ENOUGH)
            .then(|| self.hist.nearest_with(LatencyCode::of(limit).next(), waiting, 0.95))
            .flatten()
    }
}

fn share(candidate: u64, stable: u64) -> f64 {
    let all = candidate.saturating_add(stable);
    if all == 0 { 0.0 } else { crate::interval::wide(candidate) / crate::interval::wide(all) }
}
