use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::histogram::AtomicHistogram;
use hdrhistogram::Histogram;
use hdrhistogram::sync::SyncHistogram;

use crate::subject::{Recording, Subject, Writer, each, subject};

const SLICES: usize = 60;

pub(super) fn subjects() -> Vec<Box<dyn Subject>> {
    vec![
        subject("hdrhistogram in a Mutex", || Locked(Mutex::new(three_digits()))),
        subject("hdrhistogram sync Recorder", || Recorders(SyncHistogram::from(three_digits()))),
        subject("hdrhistogram, ring of 60 in a Mutex", || Ring(Mutex::new(Slices::new()))),
        subject("histogram (atomic)", || Atomic(atomic())),
    ]
}

/// Microseconds up to ours' end, to three digits.
#[expect(clippy::expect_used, reason = "the bounds are fair")]
fn three_digits() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 137_000_000, 3).expect("fair bounds")
}

#[expect(clippy::expect_used, reason = "the powers are fair")]
fn atomic() -> AtomicHistogram {
    AtomicHistogram::new(7, 32).expect("fair powers")
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

fn p95(histogram: &Histogram<u64>) -> Duration {
    Duration::from_micros(histogram.value_at_quantile(0.95))
}

struct Locked(Mutex<Histogram<u64>>);

impl Recording for Locked {
    fn writer(&self) -> Writer<'_> {
        each(|took| self.0.lock().unwrap_or_else(PoisonError::into_inner).saturating_record(micros(took)))
    }

    fn p95(&mut self) -> Option<Duration> {
        Some(p95(&self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

struct Recorders(SyncHistogram<u64>);

impl Recording for Recorders {
    fn writer(&self) -> Writer<'_> {
        let mut recorder = self.0.recorder();
        each(move |took| recorder.saturating_record(micros(took)))
    }

    fn second(&mut self) {
        self.0.refresh();
    }

    fn p95(&mut self) -> Option<Duration> {
        Some(p95(&self.0))
    }
}

struct Ring(Mutex<Slices>);

struct Slices {
    seconds: Vec<Histogram<u64>>,
    current: usize,
    began: Instant,
}

impl Slices {
    fn new() -> Self {
        Self { seconds: (0..SLICES).map(|_| three_digits()).collect(), current: 0, began: now() }
    }

    fn rotate(&mut self) {
        self.current = (self.current + 1) % SLICES;
        self.seconds[self.current].reset();
        self.began = now();
    }
}

#[expect(clippy::disallowed_methods, reason = "so is it used")]
fn now() -> Instant {
    Instant::now()
}

impl Recording for Ring {
    fn writer(&self) -> Writer<'_> {
        each(|took| {
            let now = now();
            let mut slices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if now.saturating_duration_since(slices.began) >= Duration::from_secs(1) {
                slices.rotate();
            }
            let current = slices.current;
            slices.seconds[current].saturating_record(micros(took));
        })
    }

    fn second(&mut self) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).rotate();
    }

    fn p95(&mut self) -> Option<Duration> {
        let slices = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut all = three_digits();
        for slice in &slices.seconds {
            let _ = all.add(slice);
        }
        Some(p95(&all))
    }
}

struct Atomic(AtomicHistogram);

impl Recording for Atomic {
    fn writer(&self) -> Writer<'_> {
        each(|took| drop(self.0.increment(micros(took).min(u64::from(u32::MAX)))))
    }

    fn p95(&mut self) -> Option<Duration> {
        let bucket = self.0.load().quantile_bucket(0.95).ok()??;
        Some(Duration::from_micros(u64::midpoint(bucket.start(), bucket.end())))
    }
}
