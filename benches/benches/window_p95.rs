//! Reading the 95th percentile of the last minute: beside the obvious way, sorting the samples that were kept.
//!
//! A window's cost does not grow with the samples in it; the last column of figures says what sorting costs.

use std::sync::Arc;
use std::time::Duration;

use divan::{Bencher, black_box};
use handover_core::ManualClock;
use handover_monitor::{LatencySink, Outcome, Series, Window, WindowView, Windows};

/// How many samples the minute holds.
const SAMPLES: [usize; 3] = [1_000, 10_000, 100_000];

/// Latencies as they come, in no order.
fn samples(count: usize) -> impl Iterator<Item = Duration> {
    (0..count as u64).map(|number| Duration::from_micros(500 + number.wrapping_mul(0x9e37_79b9) % 20_000))
}

/// A minute of ticks in which these samples were spread.
fn minute(count: usize) -> Windows {
    let (series, clock) = (Arc::new(Series::new()), Arc::new(ManualClock::new()));
    let windows = Windows::new(clock.clone(), series.clone());
    let all: Vec<_> = samples(count).collect();
    for second in all.chunks(count.div_ceil(60)) {
        for took in second {
            series.record(*took, Outcome::Ok);
        }
        clock.advance(Duration::from_secs(1));
        windows.tick();
    }
    windows
}

/// What was known at the last tick.
#[divan::bench(args = SAMPLES)]
fn published(bencher: Bencher, count: usize) {
    let windows = minute(count);
    bencher.bench(|| black_box(&windows).latest().p95);
}

/// The same with everything up to this moment.
#[divan::bench(args = SAMPLES)]
fn with_the_live_part(bencher: Bencher, count: usize) {
    let windows = minute(count);
    let last_minute = Window::Last(Duration::from_mins(1));
    bencher.bench(|| windows.now(black_box(&last_minute)).map(|reading| reading.quantile(0.95)));
}

#[divan::bench(args = SAMPLES)]
fn sort_what_was_kept(bencher: Bencher, count: usize) {
    let kept: Vec<_> = samples(count).collect();
    bencher.bench(|| {
        let mut sorted = black_box(&kept).clone();
        sorted.sort_unstable();
        sorted.get(count * 95 / 100).copied()
    });
}

fn main() {
    divan::main();
}
