//! How many requests have been waiting for how long.
//!
//! A request is a mark in the bucket of its start, so entering and leaving is one `fetch_add` each, and a reader
//! adds up the buckets that are old enough. Ages come from the buckets, never from a list of requests.

use std::time::Duration;

use crate::sync::{AtomicU32, Ordering};

/// Requests that started within the same 10 ms share a bucket.
const BUCKET: Duration = Duration::from_millis(10);
/// A lap of the ring is 163.84 s, longer than any latency that [`crate::LatencyCode`] can tell apart.
const BUCKETS: u64 = if cfg!(loom) { 4 } else { 16_384 };
/// The oldest buckets of the lap are not read: a request that starts now, by a clock a little ahead of the reader's,
/// lies there and is no old request.
const AHEAD: u64 = if cfg!(loom) { 1 } else { 128 };

#[derive(Debug)]
pub(crate) struct InFlight {
    buckets: Box<[AtomicU32]>,
}

impl InFlight {
    pub(crate) fn new() -> Self {
        Self { buckets: (0..BUCKETS).map(|_| AtomicU32::new(0)).collect() }
    }

    pub(crate) fn enter(&self, start: Duration) {
        self.bucket(slot(start)).fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn leave(&self, start: Duration) {
        self.bucket(slot(start)).fetch_sub(1, Ordering::SeqCst);
    }

    /// Requests waiting for `age` or longer; each is seen 10 ms late at most, since only buckets that are old as a
    /// whole count. A request older than a lap is taken for a younger one again while its bucket is reused.
    pub(crate) fn older_than(&self, age: Duration, now: Duration) -> u64 {
        let oldest = (slot(now) + AHEAD).saturating_sub(BUCKETS - 1);
        let Some(since) = now.checked_sub(age) else { return 0 };
        (oldest..slot(since)).map(|slot| u64::from(self.bucket(slot).load(Ordering::SeqCst))).sum()
    }

    /// Requests waiting now.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().map(|bucket| u64::from(bucket.load(Ordering::Relaxed))).sum()
    }

    fn bucket(&self, slot: u64) -> &AtomicU32 {
        &self.buckets[(slot % BUCKETS) as usize]
    }
}

/// The number of the bucket a moment lies in, counted from the clock's origin.
fn slot(at: Duration) -> u64 {
    #[expect(clippy::cast_possible_truncation, reason = "584 million years of 10 ms buckets fit")]
    let slot = (at.as_nanos() / BUCKET.as_nanos()) as u64;
    slot
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_request_is_old_once_its_whole_bucket_is() {
        let ring = InFlight::new();
        ring.enter(ms(1_003));
        assert_eq!(ring.older_than(ms(500), ms(1_509)), 0);
        assert_eq!(ring.older_than(ms(500), ms(1_510)), 1);
        ring.leave(ms(1_003));
        assert_eq!(ring.older_than(ms(500), ms(1_510)), 0);
    }

    #[test]
    fn a_request_that_starts_ahead_of_the_reader_is_not_old() {
        let ring = InFlight::new();
        for lap in [0, 163_840] {
            let now = ms(lap + 163_000);
            ring.enter(now + ms(900));
            assert_eq!(ring.older_than(ms(10), now), 0, "lap {lap}");
            ring.leave(now + ms(900));
        }
    }

    #[test]
    fn two_minutes_of_waiting_are_still_seen() {
        let ring = InFlight::new();
        ring.enter(ms(5));
        assert_eq!(ring.older_than(ms(500), ms(150_000)), 1);
        assert_eq!(ring.count(), 1);
    }
}
