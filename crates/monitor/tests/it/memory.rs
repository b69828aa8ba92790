//! How much a series holds on to.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use handover_core::ManualClock;
use handover_monitor::{LatencySink as _, Outcome, Series, Windows};

use crate::allocation::held;
use crate::data::{Dice, Shape};

const SECONDS: u32 = 1_000;
/// Of each of the two threads: 500 requests a second together.
const EACH: u32 = 250;

/// One in a hundred fails, one in five hundred is given up.
fn outcome(dice: &mut Dice) -> Outcome {
    match dice.share() {
        share if share < 0.01 => Outcome::Error,
        share if share < 0.012 => Outcome::Cancelled,
        _ => Outcome::Ok,
    }
}

fn write_a_second(series: &Series, shape: Shape, dice: &mut Dice, second: u32) {
    for _ in 0..EACH {
        series.record(shape.latency(dice, f64::from(second) / f64::from(SECONDS)), outcome(dice));
    }
}

/// What a series and its windows hold after all slices of a quarter of an hour have been filled, in bytes: both
/// threads' allocations, and the two values themselves.
fn held_after_a_quarter_of_an_hour(shape: Shape) -> usize {
    let clock = Arc::new(ManualClock::new());
    let before = held();
    let series = Arc::new(Series::new());
    let windows = Windows::new(clock.clone(), series.clone());
    // No channel, which would allocate.
    let turn = Barrier::new(2);
    let (own, other) = thread::scope(|scope| {
        let other = scope.spawn(|| {
            let (mut dice, before) = (Dice::new(2), held());
            for second in 0..SECONDS {
                turn.wait();
                write_a_second(&series, shape, &mut dice, second);
                turn.wait();
            }
            held() - before
        });
        let mut dice = Dice::new(1);
        for second in 0..SECONDS {
            turn.wait();
            write_a_second(&series, shape, &mut dice, second);
            turn.wait();
            clock.advance(Duration::from_secs(1));
            windows.tick();
        }
        (held() - before, other.join().expect("it writes only"))
    });
    usize::try_from(own + other).expect("more was allocated than freed") + size_of_val(&windows)
}

#[test]
fn all_windows_of_a_series_with_500_requests_a_second_fit_in_64_kib() {
    for shape in Shape::ALL {
        let bytes = held_after_a_quarter_of_an_hour(shape);
        assert!(bytes <= 64 * 1_024, "{shape:?}: {bytes} bytes");
        assert!(bytes > 16 * 1_024, "{shape:?}: {bytes} bytes, so not all is counted");
    }
}
