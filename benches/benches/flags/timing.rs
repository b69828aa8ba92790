use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::callers::Caller;
use crate::subject::Subject;

/// Each subject in turn, so that what disturbs one disturbs all.
pub(crate) const ROUNDS: usize = 31;

/// Times that the callers ask in a round.
const REPEATS: usize = 20;

pub(crate) struct Times {
    pub(crate) median: f64,
    pub(crate) least: f64,
}

/// Nanoseconds for a read of each subject.
pub(crate) fn measured(subjects: &[Subject], callers: &[Caller]) -> Vec<Times> {
    let mut times = vec![Vec::new(); subjects.len()];
    for round in 0..=ROUNDS {
        for (subject, times) in subjects.iter().zip(&mut times) {
            let taken = round_of(subject, callers);
            // The first round warms up.
            times.extend((round > 0).then_some(taken));
        }
    }
    times.into_iter().map(summary).collect()
}

fn round_of(subject: &Subject, callers: &[Caller]) -> f64 {
    let began = cpu();
    for _ in 0..REPEATS {
        black_box((subject.read)(black_box(callers)));
    }
    nanos(cpu().saturating_sub(began)) / to_float(REPEATS * callers.len())
}

fn summary(mut times: Vec<f64>) -> Times {
    times.sort_by(f64::total_cmp);
    Times { median: times[times.len() / 2], least: times[0] }
}

/// What this thread has used of a core.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

fn nanos(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e9
}

#[expect(clippy::cast_precision_loss, reason = "counts of reads")]
const fn to_float(count: usize) -> f64 {
    count as f64
}
