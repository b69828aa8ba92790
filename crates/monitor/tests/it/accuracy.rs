//! How far a quantile may be off, on data of all shapes, by two oracles.

use std::sync::Arc;
use std::time::Duration;

use handover_core::ManualClock;
use handover_monitor::{LatencySink as _, Outcome, Series, Window, WindowView as _, Windows};
use hdrhistogram::Histogram as Hdr;

use crate::data::{Dice, Shape};

const SAMPLES: u32 = 60_000;
/// 2^-7, which is below the 0.79 % that is promised.
const BOUND: f64 = 1.0 / 128.0;

struct Minute {
    windows: Windows,
    sorted: Vec<Duration>,
    hdr: Hdr<u64>,
}

/// A minute of a thousand requests a second.
fn minute(shape: Shape, seed: u64) -> Minute {
    let (clock, series, mut dice) = (Arc::new(ManualClock::new()), Arc::new(Series::new()), Dice::new(seed));
    let windows = Windows::new(clock.clone(), series.clone());
    let mut sorted = Vec::new();
    let mut hdr = Hdr::new_with_bounds(1, 3_600_000_000_000, 3).expect("fair bounds");
    for number in 0..SAMPLES {
        let took = shape.latency(&mut dice, f64::from(number) / f64::from(SAMPLES));
        series.record(took, Outcome::Ok);
        sorted.push(took);
        hdr.saturating_record(u64::try_from(took.as_nanos()).expect("an hour"));
        if (number + 1).is_multiple_of(SAMPLES / 60) {
            clock.advance(Duration::from_secs(1));
            windows.tick();
        }
    }
    sorted.sort_unstable();
    Minute { windows, sorted, hdr }
}

fn off(value: Duration, truth: Duration) -> f64 {
    value.abs_diff(truth).as_secs_f64() / truth.as_secs_f64()
}

#[test]
fn no_quantile_of_any_shape_is_off_by_more_than_its_bound() {
    for (shape, seed) in Shape::ALL.into_iter().zip(1..) {
        let minute = minute(shape, seed);
        let reading = minute.windows.now(&Window::Last(Duration::from_mins(1))).expect("kept");
        assert_eq!(reading.count, u64::from(SAMPLES));
        for per_mille in (1..=1_000).chain([999, 950, 990]) {
            let q = f64::from(per_mille) / 1_000.0;
            let exact = minute.sorted[(SAMPLES * per_mille / 1_000) as usize - 1];
            let bounds = reading.quantile(q).expect("samples");
            assert!(
                bounds.bucket.0 <= exact && exact < bounds.bucket.1,
                "{shape:?} q {q}: {exact:?} {bounds:?}"
            );
            if exact > Duration::from_secs(136) {
                continue;
            }
            assert!(off(bounds.value, exact) <= BOUND, "{shape:?} q {q}: {exact:?} {bounds:?}");
            // hdrhistogram's three digits may be off by 1 in 1,000 themselves.
            let hdr = Duration::from_nanos(minute.hdr.value_at_quantile(q));
            assert!(off(bounds.value, hdr) <= BOUND + 0.002, "{shape:?} q {q}: hdr {hdr:?} {bounds:?}");
        }
        let latest = minute.windows.latest();
        let p95 = minute.sorted[SAMPLES as usize * 95 / 100 - 1];
        assert!(off(latest.p95.expect("samples"), p95) <= BOUND, "{shape:?}: {latest:?}");
    }
}
