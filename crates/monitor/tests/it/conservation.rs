//! Nothing lost, nothing counted twice, however threads and readers meet.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use handover_core::ManualClock;
use handover_monitor::{
    LatencySink as _, Meter, MeterTotals, Outcome, PairCutter, Series, Totals, Window, WindowView as _,
    Windows,
};

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

/// Threads come and go, more at a time than there are slots, while windows are cut as fast as they can be; some
/// samples are counted by a thread that is all but gone, in the destructor of one of its own thread-locals.
#[test]
fn a_million_samples_of_threads_that_come_and_go_are_all_in_the_windows() {
    const EACH: u64 = 1_000;
    const WAVES: u64 = 8;
    const AT_ONCE: u8 = 128;
    let (clock, series) = (Arc::new(ManualClock::new()), Arc::new(Series::new()));
    let windows = Windows::new(clock.clone(), series.clone());
    let began = Window::Since(windows.mark());
    let running = AtomicBool::new(true);
    let ticks = thread::scope(|scope| {
        let ticker = scope.spawn(|| {
            let (mut ticks, mut seen) = (0u64, 0);
            while running.load(Ordering::Acquire) {
                clock.advance(Duration::from_millis(950));
                windows.tick();
                let reading = windows.read(&began).expect("own mark");
                assert!(reading.count + reading.cancelled >= seen && reading.errors <= reading.count);
                (ticks, seen) = (ticks + 1, reading.count + reading.cancelled);
            }
            ticks
        });
        for wave in 0..WAVES {
            let all = Barrier::new(usize::from(AT_ONCE));
            thread::scope(|threads| {
                let writer = |thread| {
                    let (series, all) = (series.clone(), &all);
                    threads
                        .spawn(move || write_and_go(&series, all, wave * u64::from(AT_ONCE) + thread, EACH))
                };
                let writers: Vec<_> = (0..u64::from(AT_ONCE)).map(writer).collect();
                // One by one: the scope alone waits for what a thread does, not for its thread-locals' destructors.
                for writer in writers {
                    writer.join().expect("it only counts");
                }
            });
        }
        running.store(false, Ordering::Release);
        ticker.join().expect("windows are consistent")
    });
    let all = windows.now(&began).expect("own mark");
    let (expected, totals) = (WAVES * u64::from(AT_ONCE) * EACH, series.totals());
    assert!(expected > 1_000_000);
    assert_eq!(all.count + all.cancelled, expected, "over {ticks} ticks");
    assert_eq!((totals.count(), totals.cancelled.count()), (all.count, all.cancelled));
    assert_eq!(all.latencies(), &totals.completed());
}

/// Counts its last sample when its thread is ending.
struct Parting(Arc<Series>);

impl Drop for Parting {
    fn drop(&mut self) {
        self.0.record(Duration::from_millis(1), Outcome::Error);
    }
}

fn write_and_go(series: &Arc<Series>, all: &Barrier, thread: u64, count: u64) {
    thread_local! {
        static PARTING: RefCell<Option<Parting>> = const { RefCell::new(None) };
    }
    // Before the first sample, so that it is destroyed after the slot was given back.
    PARTING.with(|parting| *parting.borrow_mut() = Some(Parting(series.clone())));
    for index in thread * count..(thread + 1) * count - 1 {
        // Of two latencies only, so that threads that wrongly shared a counter would meet there.
        series.record(Duration::from_millis(index % 2), sample(index).1);
        // All have taken a slot by now, or found none, and go on together.
        if index == thread * count {
            all.wait();
        }
    }
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
