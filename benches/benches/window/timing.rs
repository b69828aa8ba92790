use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::thread::{CpuSet, sched_setaffinity};
use rustix::time::{ClockId, clock_gettime};

use crate::data::{Dice, Shape};
use crate::subject::{Recording, Subject};

/// Of one thread and of two, each subject in turn.
const ROUNDS: usize = 15;
/// Of two threads, in a round.
const BURSTS: usize = 60;
/// Samples of a burst, which lasts a microsecond and more: reading the clock must not count.
const BURST: usize = 1_000;
/// Of the longer of two bursts, so much must be within the other.
const OVERLAP: f64 = 0.8;

/// Latencies as they come, in no order; they stay in the nearest cache.
fn samples() -> Vec<Duration> {
    let mut dice = Dice::new(7);
    (0..1_000).map(|_| Shape::LogNormal.latency(&mut dice, 0.0)).collect()
}

/// Nanoseconds for a sample by one thread, of each subject in each round.
pub(crate) fn alone(subjects: &[Box<dyn Subject>]) -> Vec<Vec<f64>> {
    let samples = samples();
    let series: Vec<_> = subjects.iter().map(|subject| subject.series()).collect();
    let mut writers: Vec<_> = series.iter().map(|series| series.writer()).collect();
    let mut times = vec![Vec::new(); subjects.len()];
    for round in 0..=ROUNDS {
        for ((subject, writer), times) in subjects.iter().zip(&mut writers).zip(&mut times) {
            let some = &samples[..subject.samples().min(samples.len())];
            let runs = subject.samples() / some.len();
            let began = cpu();
            (0..runs).for_each(|_| writer(black_box(some)));
            // The first round warms up.
            times.extend(
                (round > 0).then(|| nanos(cpu().saturating_sub(began)) / to_float(runs * some.len())),
            );
        }
    }
    times
}

/// Wall time of a sample, for what waits for another process.
pub(crate) fn by_the_wall(subject: &dyn Subject) -> f64 {
    let (samples, series) = (samples(), subject.series());
    let mut writer = series.writer();
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let began = wall();
            writer(&samples[..subject.samples()]);
            nanos(began.elapsed()) / to_float(subject.samples())
        })
        .collect();
    median(&mut times)
}

/// The same by two threads at once, on a core each.
pub(crate) fn together(subjects: &[Box<dyn Subject>]) -> Vec<Vec<f64>> {
    let samples = samples();
    let mut times = vec![Vec::new(); subjects.len()];
    for _ in 0..ROUNDS {
        for (subject, times) in subjects.iter().zip(&mut times) {
            let series = subject.series();
            times.extend(bursts(series.as_ref(), &samples[..BURST.min(subject.samples())]));
        }
    }
    times
}

/// Those that overlapped, in nanoseconds for a sample of one thread.
fn bursts(series: &dyn Recording, samples: &[Duration]) -> Vec<f64> {
    let at = AtomicUsize::new(0);
    let run = |core: usize| {
        pin(core);
        let mut writer = series.writer();
        writer(samples);
        let burst = |number: usize| {
            at.fetch_add(1, Ordering::SeqCst);
            while at.load(Ordering::SeqCst) < 2 * (number + 1) {
                spin_loop();
            }
            let began = wall();
            writer(black_box(samples));
            (began, wall())
        };
        (0..BURSTS).map(burst).collect::<Vec<_>>()
    };
    let (mine, other) = std::thread::scope(|scope| {
        let (one, two) = (scope.spawn(|| run(0)), scope.spawn(|| run(1)));
        (one.join().unwrap_or_default(), two.join().unwrap_or_default())
    });
    let overlapped = mine.iter().zip(&other).filter(|(mine, other)| overlap(**mine, **other) >= OVERLAP);
    let each = overlapped.flat_map(|(mine, other)| [mine, other]);
    each.map(|(began, ended)| nanos(*ended - *began) / to_float(samples.len())).collect()
}

fn overlap(one: (Instant, Instant), other: (Instant, Instant)) -> f64 {
    let both = one.1.min(other.1).saturating_duration_since(one.0.max(other.0));
    let longer = (one.1 - one.0).max(other.1 - other.0);
    both.as_secs_f64() / longer.as_secs_f64()
}

/// Nanoseconds for one call, the best of several runs' means: what the call costs, not what disturbed it.
pub(crate) fn call(mut run: impl FnMut()) -> f64 {
    let began = cpu();
    let mut calls = 0_u32;
    while cpu().saturating_sub(began) < Duration::from_millis(2) {
        run();
        calls += 1;
    }
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let began = cpu();
            (0..calls).for_each(|_| run());
            nanos(cpu().saturating_sub(began)) / f64::from(calls)
        })
        .collect();
    median(&mut times)
}

/// So many thousand samples of one series, for a counter of instructions.
pub(crate) fn record_thousands(subject: &dyn Subject, thousands: usize) {
    let (samples, series) = (samples(), subject.series());
    let mut writer = series.writer();
    (0..thousands).for_each(|_| writer(black_box(&samples)));
}

/// Not on every machine; where it cannot be, bursts that did not overlap are left out all the same.
fn pin(core: usize) {
    let mut cores = CpuSet::new();
    cores.set(core);
    let _ = sched_setaffinity(None, &cores);
}

/// This thread's CPU time.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[expect(clippy::disallowed_methods, reason = "real time is what is measured")]
fn wall() -> Instant {
    Instant::now()
}

fn nanos(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

#[expect(clippy::cast_precision_loss, reason = "small")]
fn to_float(count: usize) -> f64 {
    count as f64
}

pub(crate) fn median(times: &mut [f64]) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
