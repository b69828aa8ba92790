//! Nothing lost, nothing counted twice, however threads and readers meet.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use handover_monitor::{LatencySink as _, Meter, MeterTotals, Outcome, PairCutter, Series, Totals};

const THREADS: u64 = 4;
const EACH: u64 = 250_000;
const LIMIT: Duration = Duration::from_millis(500);

/// Spreads samples over the range: from 1 us to about a minute, one in four failed, one in eight given up.
fn sample(index: u64) -> (Duration, Outcome) {
    let outcome = match index % 8 {
        0 => Outcome::Cancelled,
        1 | 2 => Outcome::Error,
        _ => Outcome::Ok,
    };
    (Duration::from_micros(index.wrapping_mul(7_919) % 60_000_000), outcome)
}

/// Runs `reader` for as long as `THREADS` writers have not all ended.
fn race(write: impl Fn(u64) + Sync, mut reader: impl FnMut()) {
    let running = AtomicU64::new(THREADS);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (write, running) = (&write, &running);
            scope.spawn(move || {
                (thread * EACH..(thread + 1) * EACH).for_each(write);
                running.fetch_sub(1, Ordering::Release);
            });
        }
        while running.load(Ordering::Acquire) > 0 {
            reader();
        }
    });
    reader();
}

#[test]
fn a_million_samples_from_four_threads_are_all_in_some_window() {
    let series = Series::new();
    let (mut last, mut windows, mut sum) = (Totals::default(), 0u64, Totals::default());
    let write = |index| {
        let (took, outcome) = sample(index);
        series.record(took, outcome);
    };
    race(write, || {
        let now = series.totals();
        let window = now.since(&last);
        sum.ok.merge(&window.ok);
        sum.errors.merge(&window.errors);
        sum.cancelled.merge(&window.cancelled);
        windows += 1;
        last = now;
    });
    let mut expected = Totals::default();
    for (took, outcome) in (0..THREADS * EACH).map(sample) {
        match outcome {
            Outcome::Ok => expected.ok.add(took),
            Outcome::Error => expected.errors.add(took),
            Outcome::Cancelled => expected.cancelled.add(took),
        }
    }
    assert_eq!(sum, expected, "over {windows} windows");
    assert_eq!(sum.count() + sum.cancelled.count(), THREADS * EACH);
}

#[test]
fn pairs_cut_while_requests_end_add_up_and_slow_ones_cross_once() {
    let meter = Meter::new();
    // Time goes on by itself, a microsecond a request: what takes longer than half a second overlaps many others.
    let clock = Arc::new(AtomicU64::new(0));
    let now = || Duration::from_micros(clock.fetch_add(1, Ordering::Relaxed));
    let read = |meter: &Meter| meter.read(now(), LIMIT);
    let mut cutter = PairCutter::new(1, now(), 10_000, read(&meter), MeterTotals::default());
    let (mut n, mut errors, mut crossed, mut seq) = (0, 0, 0, 0);
    let slow = AtomicU64::new(0);
    let write = |index| {
        let started = meter.start(now());
        let (_, outcome) = sample(index);
        if index % 50 == 7 {
            slow.fetch_add(1, Ordering::Relaxed);
            meter.finish(started, now() + LIMIT * 2, outcome);
        } else if outcome == Outcome::Cancelled {
            drop(started);
        } else {
            meter.finish(started, now(), outcome);
        }
    };
    let mut cut = |at: Duration| {
        if let Some(pair) = cutter.tick(at, 10_000, meter.read(at, LIMIT), MeterTotals::default()) {
            let arm = &pair.candidate;
            assert!(arm.errors <= arm.n && arm.over <= arm.n, "{arm:?}");
            assert_eq!(arm.hist.count(), arm.n);
            assert_eq!(pair.seq, seq + 1);
            seq = pair.seq;
            n += arm.n;
            errors += arm.errors;
            crossed += arm.over + arm.in_flight_over;
        }
    };
    race(write, || cut(now()));
    cut(now() + Duration::from_secs(5));
    let count =
        |wanted: Outcome| (0..THREADS * EACH).filter(|&index| sample(index).1 == wanted).count() as u64;
    assert_eq!(n, count(Outcome::Ok) + count(Outcome::Error));
    assert_eq!(errors, count(Outcome::Error));
    assert!(crossed >= slow.load(Ordering::Relaxed));
    assert_eq!(crossed, meter.read(now(), LIMIT).crossed);
    assert_eq!(meter.in_flight(), 0);
}
