//! Recording one sample, which every request pays for: beside a bare counter, which no record can beat, and beside
//! the obvious way, keeping the latest samples in a list behind a lock.
//!
//! The times are those of 100,000 samples by each thread.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use handover_monitor::{LatencySink, Meter, Outcome, Series};

/// Alone, and with as many writers as the smallest machine has cores.
const THREADS: [usize; 2] = [1, 2];

/// Samples per timed run: long enough that the writers truly overlap.
const SAMPLES: usize = 100_000;

/// Latencies as they come: no two alike in a row, most within a decade.
fn sample(number: usize) -> Duration {
    Duration::from_micros(500 + (number as u64).wrapping_mul(0x9e37_79b9) % 20_000)
}

/// Times `record` on sample after sample, drawn beforehand from a table that stays in the nearest cache.
fn samples(bencher: Bencher, record: impl Fn(Duration) + Sync) {
    let table: Vec<_> = (0..1_000).map(sample).collect();
    bencher.counter(ItemsCount::new(SAMPLES)).bench(|| {
        for _ in 0..SAMPLES / table.len() {
            for took in black_box(&table) {
                record(*took);
            }
        }
    });
}

#[divan::bench(threads = THREADS)]
fn bare_fetch_add(bencher: Bencher) {
    let counter = AtomicU64::new(0);
    samples(bencher, |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
}

#[divan::bench(threads = THREADS)]
fn series(bencher: Bencher) {
    let series = Series::new();
    samples(bencher, |took| series.record(took, Outcome::Ok));
}

#[divan::bench(threads = THREADS)]
fn meter(bencher: Bencher) {
    let meter = Meter::new();
    samples(bencher, |took| meter.finish(meter.start(Duration::ZERO), took, Outcome::Ok));
}

#[divan::bench(threads = THREADS, args = [100, 1_000, 10_000])]
fn latest_in_a_mutex(bencher: Bencher, keep: usize) {
    let latest = Mutex::new((0..keep).map(sample).collect::<VecDeque<_>>());
    samples(bencher, |took| {
        let mut latest = latest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        latest.pop_front();
        latest.push_back(took);
    });
}

fn main() {
    divan::main();
}
