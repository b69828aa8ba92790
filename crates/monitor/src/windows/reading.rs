use std::time::Duration;

use crate::histogram::{Bounds, Histogram};
use crate::interval;
use crate::series::LastRequests;

/// What happened in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Requests that ended with an answer or a failure.
    pub count: u64,
    /// Of them, failures.
    pub errors: u64,
    /// Requests given up by the client; not in `count`, without a say in the quantiles.
    pub cancelled: u64,
    /// The stretch that was really read: the nearest slices at least as long as was asked for, or all there is. Of
    /// the last N requests, the slices they came in, at most.
    pub covers: Duration,
    /// How old the newest sample may be: the time since the last tick; nothing where the live part is in it.
    pub age: Duration,
    pub(super) latencies: Histogram,
    /// Each request's microseconds, ascending, where they are known.
    pub(super) exact: Option<Box<[u32]>>,
}

impl Reading {
    pub(super) fn of_last(last: LastRequests, covers: Duration) -> Self {
        Self {
            count: last.micros.len() as u64,
            errors: last.errors,
            cancelled: last.cancelled,
            covers,
            age: Duration::ZERO,
            latencies: Histogram::of_ascending(last.micros.iter().copied().map(begin)),
            exact: Some(last.micros.into_boxed_slice()),
        }
    }

    /// How long requests took, answered and failed ones alike; `None` for an empty window.
    pub fn quantile(&self, q: f64) -> Option<Bounds> {
        match &self.exact {
            None => self.latencies.quantile_of(self.count, q),
            Some(micros) => exact_quantile(micros, q),
        }
    }

    /// Share of requests that failed; `None` for an empty window.
    pub fn error_rate(&self) -> Option<f64> {
        (self.count > 0).then(|| interval::wide(self.errors) / interval::wide(self.count))
    }

    /// All latencies of the window.
    pub fn latencies(&self) -> &Histogram {
        &self.latencies
    }
}

/// To the microsecond.
fn exact_quantile(micros: &[u32], q: f64) -> Option<Bounds> {
    let count = micros.len() as u64;
    let at = |rank: u64| micros.get(usize::try_from(rank).ok()?.checked_sub(1)?).copied();
    let value = at(interval::nearest_rank(count, q))?;
    let (low, high) = interval::ranks(count, q);
    Some(Bounds {
        value: begin(value),
        bucket: (begin(value), end(value)),
        ci: (low.and_then(at).map_or(Duration::ZERO, begin), high.and_then(at).map_or(Duration::MAX, end)),
    })
}

fn begin(micros: u32) -> Duration {
    Duration::from_micros(u64::from(micros))
}

/// The end of that microsecond; what lasted longer than can be told has none.
fn end(micros: u32) -> Duration {
    if micros == u32::MAX { Duration::MAX } else { Duration::from_micros(u64::from(micros) + 1) }
}
