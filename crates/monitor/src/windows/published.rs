//! The last minute's figures, for readers who wait for nobody.

use std::time::Duration;

use crate::sync::{AtomicU64, Ordering, wait_a_little};
use crate::windows::reading::Reading;

/// The last minute, as of the last tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Latest {
    /// Half of the requests took no longer; `None` where there was none, as in the next two.
    pub p50: Option<Duration>,
    /// 95 in 100 requests took no longer.
    pub p95: Option<Duration>,
    /// 99 in 100 requests took no longer.
    pub p99: Option<Duration>,
    /// Requests that ended with an answer or a failure.
    pub count: u64,
    /// Of them, failures.
    pub errors: u64,
    /// Requests given up by the client; not in `count`, without a say in the quantiles.
    pub cancelled: u64,
    /// The stretch this is about: a minute and what slices are longer, or all there is.
    pub covers: Duration,
    /// When that tick was, by the windows' clock.
    pub at: Duration,
}

impl Latest {
    pub(super) fn of(minute: &Reading, at: Duration) -> Self {
        let value = |q| minute.latencies().value(q);
        Self {
            p50: value(0.5),
            p95: value(0.95),
            p99: value(0.99),
            count: minute.count,
            errors: minute.errors,
            cancelled: minute.cancelled,
            covers: minute.covers,
            at,
        }
    }

    /// How old this is at `now`, a reading of the windows' clock. Readers without a clock read none here.
    pub const fn age(&self, now: Duration) -> Duration {
        now.saturating_sub(self.at)
    }
}

const WORDS: usize = 8;

/// A quantile that there is not.
const NONE: u64 = u64::MAX;

/// Figures that one thread at a time writes and any thread reads, without a lock.
///
/// Two copies, written in turns: the number of the last complete one says which to read, and a reader whose copy is
/// still the last when it is done has read it whole. So a writer that is held up in the midst of a copy holds up
/// nobody, and a reader begins again only where a tick went by meanwhile.
#[derive(Debug)]
pub(super) struct Published {
    last: AtomicU64,
    copies: [[AtomicU64; WORDS]; 2],
}

impl Published {
    pub(super) fn new(latest: &Latest) -> Self {
        let published = Self {
            last: AtomicU64::new(0),
            copies: std::array::from_fn(|_| std::array::from_fn(|_| AtomicU64::new(0))),
        };
        published.publish(latest);
        published
    }

    /// For one thread at a time.
    pub(super) fn publish(&self, latest: &Latest) {
        let next = self.last.load(Ordering::Relaxed).wrapping_add(1);
        for (word, value) in self.copy(next).iter().zip(words(latest)) {
            // Release, so that whoever reads this word also sees that the copy before it is complete.
            word.store(value, Ordering::Release);
        }
        self.last.store(next, Ordering::Release);
    }

    #[inline]
    pub(super) fn latest(&self) -> Latest {
        loop {
            let last = self.last.load(Ordering::Acquire);
            let copy = self.copy(last);
            // Acquire: had one of the words been written for the copy after next, `last` below would tell.
            let words = std::array::from_fn(|word| copy[word].load(Ordering::Acquire));
            if self.last.load(Ordering::Relaxed) == last {
                return figures(words);
            }
            wait_a_little();
        }
    }

    #[inline]
    const fn copy(&self, number: u64) -> &[AtomicU64; WORDS] {
        if number.is_multiple_of(2) { &self.copies[0] } else { &self.copies[1] }
    }
}

fn words(latest: &Latest) -> [u64; WORDS] {
    let quantile = |value: Option<Duration>| value.map_or(NONE, nanos);
    [
        quantile(latest.p50),
        quantile(latest.p95),
        quantile(latest.p99),
        latest.count,
        latest.errors,
        latest.cancelled,
        nanos(latest.covers),
        nanos(latest.at),
    ]
}

#[inline]
fn figures([p50, p95, p99, count, errors, cancelled, covers, at]: [u64; WORDS]) -> Latest {
    let quantile = |nanos: u64| (nanos != NONE).then(|| Duration::from_nanos(nanos));
    Latest {
        p50: quantile(p50),
        p95: quantile(p95),
        p99: quantile(p99),
        count,
        errors,
        cancelled,
        covers: Duration::from_nanos(covers),
        at: Duration::from_nanos(at),
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(NONE - 1)
}
