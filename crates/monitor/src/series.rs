use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::code::LatencyCode;
use crate::histogram::Histogram;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Answered; 4xx included, since the caller's mistake is not the release's.
    Ok,
    /// Failed: 5xx, connect or transport error, timeout.
    Error,
    /// Given up by the client before it was over.
    Cancelled,
}

/// Takes samples on the request path.
pub trait LatencySink: Send + Sync {
    /// Counts one request. Cannot fail, does not block, allocates nothing, reads no clock.
    fn record(&self, took: Duration, outcome: Outcome);
}

/// Counters of one endpoint or slot, shared by all threads.
///
/// Every counter only grows: there is no reset to race with, so nothing is lost or counted twice, and any number of
/// windows share one series, each the difference of two [`Totals`]. A sample is one `fetch_add`: outcome and
/// latency are one index into the same table, so no reader can see a failure without its request. 33 KiB each.
pub struct Series {
    counts: Box<[AtomicU64]>,
}

/// A reading of a [`Series`]; subtract an earlier one to get what happened between the two.
///
/// Each counter is read once, while others may be counting: a sample is in this reading or in the next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Latencies of answered requests.
    pub ok: Histogram,
    /// Latencies of failed requests.
    pub errors: Histogram,
    /// How long the client waited before it gave up.
    pub cancelled: Histogram,
}

impl Series {
    /// All zero.
    pub fn new() -> Self {
        Self { counts: (0..3 * LatencyCode::COUNT).map(|_| AtomicU64::new(0)).collect() }
    }

    /// Reads every counter.
    pub fn totals(&self) -> Totals {
        Totals {
            ok: self.read(Outcome::Ok),
            errors: self.read(Outcome::Error),
            cancelled: self.read(Outcome::Cancelled),
        }
    }

    fn read(&self, outcome: Outcome) -> Histogram {
        let begin = row(outcome);
        let row = &self.counts[begin..begin + LatencyCode::COUNT];
        // Acquire pairs with `record`: see `InFlight` for who relies on it.
        Histogram::from_dense(row.iter().map(|count| count.load(Ordering::Acquire)))
    }
}

impl Default for Series {
    fn default() -> Self {
        Self::new()
    }
}

impl LatencySink for Series {
    fn record(&self, took: Duration, outcome: Outcome) {
        self.counts[row(outcome) + LatencyCode::of(took).index()].fetch_add(1, Ordering::Release);
    }
}

impl fmt::Debug for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let totals = self.totals();
        let mut shown = f.debug_struct("Series");
        shown.field("count", &totals.count()).field("errors", &totals.errors.count());
        shown.field("cancelled", &totals.cancelled.count()).finish()
    }
}

impl Totals {
    /// Requests that ended with an answer or a failure; those given up by the client are not in it.
    pub fn count(&self) -> u64 {
        self.ok.count().saturating_add(self.errors.count())
    }

    /// Latencies of answered and failed requests together.
    pub fn completed(&self) -> Histogram {
        Histogram::sum([&self.ok, &self.errors])
    }

    /// What was counted since `earlier`, an older reading of the same series.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut left = self.clone();
        left.ok.subtract(&earlier.ok);
        left.errors.subtract(&earlier.errors);
        left.cancelled.subtract(&earlier.cancelled);
        left
    }
}

fn row(outcome: Outcome) -> usize {
    LatencyCode::COUNT
        * match outcome {
            Outcome::Ok => 0,
            Outcome::Error => 1,
            Outcome::Cancelled => 2,
        }
}
