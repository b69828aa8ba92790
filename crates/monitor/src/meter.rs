use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::code::LatencyCode;
use crate::in_flight::InFlight;
use crate::series::{LatencySink, Outcome, Series, Totals};
use crate::sync::{AtomicU64, Ordering};

/// What a proxy keeps per slot: a [`Series`] of what ended, and how long the others have been waiting.
///
/// A release that hangs has no errors and no latencies; the requests that wait for it are its evidence. So the meter
/// counts *crossings*: requests that took longer than a limit, ended or not. The count only grows, and each request
/// is in it once, whether it was first seen waiting or only when it ended.
///
/// Times are `Duration`s since an origin of the caller's choice, the same one for all calls (a clock's `now()`).
/// The caller decides when a request ends: with the last byte of its body, or with the headers for a stream or an
/// upgrade. Starting and finishing are lock-free and allocate nothing but what a
/// [`Series`] does where it touches something for the first time. About 70 KiB; clones share the counters.
#[derive(Clone)]
pub struct Meter {
    shared: Arc<Shared>,
}

struct Shared {
    series: Arc<Series>,
    in_flight: InFlight,
    /// The latest time a reading was made for, in nanoseconds. A request that was seen waiting at that time cannot
    /// have ended before it, whatever its own thread's clock reading says.
    seen: AtomicU64,
}

/// A request under way. Dropped unfinished, it counts as [`Outcome::Cancelled`] at the time of the latest reading:
/// a client that goes away must not take the slowest requests out of the count.
#[must_use = "a request is over when this is dropped"]
pub struct Started {
    shared: Arc<Shared>,
    at: Duration,
    over: bool,
}

/// A reading of a [`Meter`] for one latency limit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MeterTotals {
    /// What ended.
    pub totals: Totals,
    /// Of the requests in [`Totals::count`], those that took longer than the limit.
    pub over: u64,
    /// Requests that took longer than the limit, ended, given up or still waiting. Never falls while the limit
    /// stays.
    pub crossed: u64,
}

impl Meter {
    /// Nothing counted.
    pub fn new() -> Self {
        let shared =
            Shared { series: Arc::new(Series::new()), in_flight: InFlight::new(), seen: AtomicU64::new(0) };
        Self { shared: Arc::new(shared) }
    }

    /// A request begins.
    pub fn start(&self, now: Duration) -> Started {
        self.shared.in_flight.enter(now);
        Started { shared: self.shared.clone(), at: now, over: false }
    }

    /// A request that began at this meter is over.
    pub fn finish(&self, started: Started, now: Duration, outcome: Outcome) {
        debug_assert!(Arc::ptr_eq(&self.shared, &started.shared), "a request ends where it began");
        started.finish(now, outcome);
    }

    /// Requests under way.
    pub fn in_flight(&self) -> u64 {
        self.shared.in_flight.count()
    }

    /// The series of what ended, for [`Windows`](crate::Windows).
    pub fn series(&self) -> &Arc<Series> {
        &self.shared.series
    }

    /// What ended, without the ages of the rest.
    pub fn totals(&self) -> Totals {
        self.shared.series.totals()
    }

    /// What ended and what crossed `limit` by `now`.
    ///
    /// The limit is first raised to the end of its [`LatencyCode`], by 1 part in 64 at most, and a waiting request
    /// is seen 10 ms late at most. A reading costs some 20,000 loads, a few us, whatever the traffic.
    pub fn read(&self, now: Duration, limit: Duration) -> MeterTotals {
        self.shared.seen.fetch_max(nanos(now), Ordering::SeqCst);
        // First what ended, then what waits: a request that ends in between is missed now and in the next reading,
        // never counted twice. `finish` leaves before it records for the same reason.
        let totals = self.shared.series.totals();
        let waiting = match LatencyCode::of(limit).high() {
            Duration::MAX => 0,
            age => self.shared.in_flight.older_than(age, now),
        };
        let over = totals.ok.count_over(limit).saturating_add(totals.errors.count_over(limit));
        let crossed = over.saturating_add(totals.cancelled.count_over(limit)).saturating_add(waiting);
        MeterTotals { totals, over, crossed }
    }
}

impl Started {
    /// The request is over.
    pub fn finish(mut self, now: Duration, outcome: Outcome) {
        self.end(now, outcome);
    }

    fn end(&mut self, now: Duration, outcome: Outcome) {
        self.over = true;
        self.shared.in_flight.leave(self.at);
        let now = now.max(Duration::from_nanos(self.shared.seen.load(Ordering::SeqCst)));
        self.shared.series.record(now.saturating_sub(self.at), outcome);
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if !self.over {
            self.end(self.at, Outcome::Cancelled);
        }
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}

impl LatencySink for Meter {
    fn record(&self, took: Duration, outcome: Outcome) {
        self.shared.series.record(took, outcome);
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter")
            .field("series", &self.shared.series)
            .field("in_flight", &self.in_flight())
            .finish()
    }
}

impl fmt::Debug for Started {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Started").field("at", &self.at).finish_non_exhaustive()
    }
}

fn nanos(at: Duration) -> u64 {
    u64::try_from(at.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = ms(500);

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_slow_request_crosses_once_whether_seen_waiting_or_ended() {
        let meter = Meter::new();
        let (early, late) = (meter.start(ms(0)), meter.start(ms(0)));
        assert_eq!(meter.read(ms(400), LIMIT).crossed, 0);
        meter.finish(early, ms(600), Outcome::Ok);
        let reading = meter.read(ms(700), LIMIT);
        assert_eq!((reading.over, reading.crossed), (1, 2));
        meter.finish(late, ms(5_000), Outcome::Error);
        let reading = meter.read(ms(5_100), LIMIT);
        assert_eq!((reading.over, reading.crossed, reading.totals.count()), (2, 2, 2));
    }

    #[test]
    fn a_dropped_request_is_cancelled_and_keeps_its_crossing() {
        let meter = Meter::new();
        let waiting = meter.start(ms(0));
        assert_eq!(meter.read(ms(600), LIMIT).crossed, 1);
        drop(waiting);
        let reading = meter.read(ms(610), LIMIT);
        assert_eq!((reading.crossed, reading.over, reading.totals.count()), (1, 0, 0));
        assert_eq!((reading.totals.cancelled.count(), meter.in_flight()), (1, 0));
    }

    #[test]
    fn a_thread_whose_clock_reading_is_stale_does_not_undo_a_crossing() {
        let meter = Meter::new();
        let waiting = meter.start(ms(0));
        assert_eq!(meter.read(ms(520), LIMIT).crossed, 1);
        meter.finish(waiting, ms(499), Outcome::Ok);
        assert_eq!(meter.read(ms(521), LIMIT).crossed, 1);
    }

    #[test]
    fn a_limit_beyond_the_range_is_never_crossed() {
        let meter = Meter::new();
        let waiting = meter.start(ms(0));
        assert_eq!(meter.read(ms(150_000), Duration::MAX).crossed, 0);
        drop(waiting);
    }
}

#[cfg(all(loom, test))]
mod models {
    use loom::model::Builder;
    use loom::thread;

    use super::*;

    /// A slow request ends while the meter is read: it has crossed the limit once, waiting or ended, never twice.
    #[test]
    fn a_request_that_ends_meanwhile_is_not_counted_twice() {
        let mut builder = Builder::new();
        builder.preemption_bound = Some(3);
        builder.check(|| {
            // Of a modelled latency only the last bit of its code is counted: over the limit is what has it set.
            let (limit, now) = (Duration::ZERO, Duration::from_micros(20_200));
            let meter = Meter::new();
            let started = meter.start(Duration::ZERO);
            let reader = {
                let meter = meter.clone();
                thread::spawn(move || {
                    let reading = meter.read(now, limit);
                    assert!(reading.crossed <= 1, "{reading:?}");
                })
            };
            let writer = {
                let meter = meter.clone();
                thread::spawn(move || {
                    // So that there is no page left to publish, which would put things in order.
                    meter.record(Duration::ZERO, Outcome::Ok);
                    started.finish(now, Outcome::Ok);
                })
            };
            [reader, writer].into_iter().for_each(|thread| thread.join().expect("it is consistent"));
            let reading = meter.read(now, limit);
            assert_eq!((reading.crossed, reading.totals.count()), (1, 2));
            crate::series::wait_until_all_are_back();
        });
    }
}
