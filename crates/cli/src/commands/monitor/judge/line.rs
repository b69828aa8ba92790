//! A line of the input: what it may hold, and what makes it impossible.

use std::time::Duration;

use handover_monitor::{ArmWindow, Histogram, LatencyCode, WindowPair};
use serde::Deserialize;

/// More requests than this in one window are a mistake: a thousand billion.
const MOST: u64 = 1_000_000_000_000;
/// Buckets of a histogram: from a millionth of a millisecond to four months.
const BUCKETS: std::ops::RangeInclusive<i64> = -160..=270;

/// `{"reset":true,"run":1}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    reset: bool,
    #[serde(default, rename = "run")]
    _run: serde_json::Value,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Window {
    t: f64,
    split: f64,
    candidate: Arm,
    stable: Arm,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Arm {
    n: u64,
    err: u64,
    #[serde(default)]
    over_slo: u64,
    #[serde(default)]
    in_flight_over: u64,
    #[serde(default)]
    hist: Vec<(i64, u64)>,
}

/// A line that makes sense.
#[derive(Debug)]
pub(super) enum Line {
    /// A new release begins.
    Reset,
    /// A window that ended at this second.
    Window { at: f64, pair: Box<WindowPair> },
}

/// Reads a line; why it makes no sense, if it does not.
pub(super) fn read(line: &[u8]) -> Result<Line, String> {
    let value: serde_json::Value =
        serde_json::from_slice(line).map_err(|error| format!("no JSON: {error}"))?;
    let Some(object) = value.as_object() else { return Err("a line is an object".into()) };
    if object.contains_key("reset") {
        let Reset { reset, .. } = serde_json::from_value(value).map_err(|error| error.to_string())?;
        return if reset { Ok(Line::Reset) } else { Err("`reset` can only be true".into()) };
    }
    serde_json::from_value::<Window>(value).map_err(|error| error.to_string())?.checked()
}

impl Window {
    fn checked(self) -> Result<Line, String> {
        let Self { t, split, candidate, stable } = self;
        if !(t.is_finite() && t >= 0.0) {
            return Err(format!("t is {t}, not a second from 0 up"));
        }
        if !(0.0..=1.0).contains(&split) {
            return Err(format!("split is {split}, not a share from 0 to 1"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of ten thousand"
        )]
        let candidate_bps = (split * 10_000.0).round() as u16;
        let pair = WindowPair {
            seq: 0,
            epoch: 0,
            candidate_bps,
            lasted_ms: 0,
            candidate: candidate.checked("candidate")?,
            stable: stable.checked("stable")?,
        };
        Ok(Line::Window { at: t, pair: Box::new(pair) })
    }
}

impl Arm {
    fn checked(self, name: &str) -> Result<ArmWindow, String> {
        let Self { n, err, over_slo, in_flight_over, hist } = self;
        for (what, count) in [("n", n), ("in_flight_over", in_flight_over)] {
            if count > MOST {
                return Err(format!("{name}.{what} is {count}, more than {MOST}"));
            }
        }
        for (what, count) in [("err", err), ("over_slo", over_slo)] {
            if count > n {
                return Err(format!("{name}.{what} is {count}, more than the {n} requests"));
            }
        }
        let hist = histogram(&hist).map_err(|why| format!("{name}.hist: {why}"))?;
        if hist.count() != n {
            return Err(format!("{name}.hist holds {} requests, not the {n} of n", hist.count()));
        }
        Ok(ArmWindow { n, errors: err, over: over_slo, in_flight_over, hist })
    }
}

fn histogram(pairs: &[(i64, u64)]) -> Result<Histogram, String> {
    let mut hist = Histogram::default();
    for &(bucket, count) in pairs {
        if !BUCKETS.contains(&bucket) {
            return Err(format!("bucket {bucket} is not one from {} to {}", BUCKETS.start(), BUCKETS.end()));
        }
        hist.add_many(code(bucket), count);
    }
    Ok(hist)
}

/// The code in the middle of a bucket, which holds latencies from 2^((i-1)/8) to 2^(i/8) ms.
fn code(bucket: i64) -> LatencyCode {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred buckets")]
    let millis = ((bucket as f64 - 0.5) / 8.0).exp2();
    LatencyCode::of(Duration::try_from_secs_f64(millis / 1e3).unwrap_or(Duration::MAX))
}
