use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use handover_core::ManualClock;
use handover_monitor::{LatencySink as _, Outcome, Series, Totals, Window, WindowView as _, Windows};

use crate::report::Report;
use crate::times::Times;

/// Samples of threads that come and go, while windows are cut all the time: none is lost or counted twice
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many samples in all
    #[arg(long, default_value_t = 100_000_000)]
    samples: u64,
    /// How many threads write at a time; more than 64 have no slot each
    #[arg(long, default_value_t = 4)]
    threads: u64,
    /// How many samples a thread writes before another takes its place
    #[arg(long, default_value_t = 100_000)]
    each: u64,
}

/// What writers and the reader share.
#[derive(Debug)]
struct Stage {
    series: Arc<Series>,
    /// The next thread's number; each thread's samples follow from it.
    next: AtomicU64,
    threads: u64,
    each: u64,
}

/// What the one saw who cut windows.
#[derive(Debug, Default)]
struct Seen {
    rotations: u64,
    /// All slices added up.
    sum: u64,
    went_back: u64,
    more_failed_than_ended: u64,
    cuts: Times,
}

pub(crate) async fn run(args: &Args) -> Result<Report, String> {
    let (threads, at_once, each) = (args.samples.div_ceil(args.each), args.threads, args.each);
    tokio::task::spawn_blocking(move || soak(threads, at_once, each))
        .await
        .map_err(|why| format!("the soak ended badly: {why}"))
}

fn soak(threads: u64, at_once: u64, each: u64) -> Report {
    let stage = Stage { series: Arc::new(Series::new()), next: AtomicU64::new(0), threads, each };
    let clock = Arc::new(ManualClock::new());
    let windows = Windows::new(clock.clone(), stage.series.clone());
    let running = AtomicBool::new(true);
    let (written, seen) = thread::scope(|scope| {
        let reader = scope.spawn(|| cut(&clock, &windows, &running));
        let places: Vec<_> = (0..at_once).map(|_| scope.spawn(|| stage.fill_a_place())).collect();
        let mut written = Totals::default();
        for place in places {
            merge(&mut written, &place.join().unwrap_or_default());
        }
        running.store(false, Ordering::Release);
        (written, reader.join().unwrap_or_default())
    });
    let counted = stage.series.totals();
    let differ = u64::from(written != counted);
    report(&stage, &counted, differ, &seen)
}

fn report(stage: &Stage, counted: &Totals, differ: u64, seen: &Seen) -> Report {
    let samples = stage.threads * stage.each;
    let all = counted.count() + counted.cancelled.count();
    Report::new(format!("{samples} samples of {} threads", stage.threads))
        .exactly("samples", all, samples)
        .exactly("lost", samples.saturating_sub(all), 0)
        .exactly("counted twice", all.saturating_sub(samples), 0)
        .exactly("in the slices, added up", seen.sum, samples)
        .exactly("outcomes, latencies that differ", differ, 0)
        .exactly("more failed than ended", seen.more_failed_than_ended, 0)
        .exactly("readings that went back", seen.went_back, 0)
        .count("threads", stage.threads)
        .some("rotations", seen.rotations)
        .times("a rotation", &seen.cuts)
}

impl Stage {
    /// Thread after thread in one of the places; what they wrote, by their own book.
    fn fill_a_place(&self) -> Totals {
        let mut written = Totals::default();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.threads {
                return written;
            }
            let series = self.series.clone();
            let range = number * self.each..(number + 1) * self.each;
            let one = thread::spawn(move || write(&series, range)).join().unwrap_or_default();
            merge(&mut written, &one);
        }
    }
}

fn write(series: &Series, range: std::ops::Range<u64>) -> Totals {
    let mut own = Totals::default();
    for index in range {
        let (took, outcome) = sample(index);
        series.record(took, outcome);
        match outcome {
            Outcome::Ok => own.ok.add(took),
            Outcome::Error => own.errors.add(took),
            Outcome::Cancelled => own.cancelled.add(took),
        }
    }
    own
}

/// A thousand latencies from a microsecond to a minute; one in four fails, one in eight is given up.
fn sample(index: u64) -> (Duration, Outcome) {
    let outcome = match index % 8 {
        0 => Outcome::Cancelled,
        1 | 2 => Outcome::Error,
        _ => Outcome::Ok,
    };
    (Duration::from_micros((index % 1_000) * (index % 1_000) * 60), outcome)
}

/// Slices as fast as they can be cut; each is read as the window it is, and they are added up.
fn cut(clock: &ManualClock, windows: &Windows, running: &AtomicBool) -> Seen {
    const SLICE: Duration = Duration::from_secs(1);
    let mut seen = Seen::default();
    let (since_start, mut before) = (Window::Since(windows.mark()), 0);
    let mut last = false;
    while !last {
        // Once more after the last writer has ended.
        last = !running.load(Ordering::Acquire);
        clock.advance(SLICE);
        let began = now();
        windows.tick();
        seen.cuts.push(began.elapsed());
        seen.rotations += 1;
        let (Ok(slice), Ok(all)) = (windows.read(&Window::Last(SLICE)), windows.read(&since_start)) else {
            break;
        };
        seen.sum += slice.count + slice.cancelled;
        let counted = all.count + all.cancelled;
        seen.went_back += u64::from(counted < before);
        seen.more_failed_than_ended += u64::from(all.errors > all.count || slice.errors > slice.count);
        before = counted;
    }
    seen
}

fn merge(into: &mut Totals, more: &Totals) {
    into.ok.merge(&more.ok);
    into.errors.merge(&more.errors);
    into.cancelled.merge(&more.cancelled);
}

#[expect(clippy::disallowed_methods, reason = "how long a rotation takes is printed")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}
