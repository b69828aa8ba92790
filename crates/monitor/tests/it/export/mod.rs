//! Each format, read by something that is not this project's.

mod dogstatsd;
#[cfg(feature = "hdr")]
mod hdr;
#[cfg(feature = "otlp")]
mod otlp;
mod prometheus;

use std::time::Duration;

use handover_monitor::Histogram;

/// Ten thousand latencies with a long tail, the same each time: most around 50 ms, one in ten around 400.
fn latencies() -> Vec<Duration> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut part = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        f64::from(u32::try_from(state >> 40).expect("24 bits")) / f64::from(1 << 24)
    };
    let one = |nth: u32| {
        let middle: f64 = if nth.is_multiple_of(10) { 0.4 } else { 0.05 };
        // Roughly normal, by a sum of four; the exponent makes it log-normal.
        let normal = (part() + part() + part() + part() - 2.0) * 1.7;
        Duration::from_secs_f64(middle * (normal * 0.4).exp())
    };
    (0..10_000).map(one).collect()
}

fn histogram() -> Histogram {
    latencies().into_iter().collect()
}

/// The nearest-rank quantile of the samples themselves, in seconds.
fn exact(quantile: f64) -> f64 {
    let mut sorted = latencies();
    sorted.sort_unstable();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank of ten thousand")]
    let rank = (quantile * 10_000.0).ceil() as usize;
    sorted[rank - 1].as_secs_f64()
}

fn off_by(value: f64, quantile: f64) -> f64 {
    (value / exact(quantile) - 1.0).abs()
}
