use std::collections::BTreeMap;
use std::fmt;

use handover_core::Timestamp;
use serde::Serialize;

use crate::text::one_line;

/// How the requests of a load were answered.
///
/// `requests` is the sum of `ok`, `harmed` and `failed` once the load has stopped; before, some are in flight.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LoadReport {
    /// [`LoadReport::VERSION`].
    pub(crate) version: u32,
    /// That were due.
    pub(crate) requests: u64,
    /// Answered, and not with an error of the server's.
    pub(crate) ok: u64,
    /// Answered with an error by a release.
    pub(crate) harmed: u64,
    /// Without an answer, or with an error that no release gave.
    pub(crate) failed: u64,
    /// When the first one was harmed or failed.
    pub(crate) first_bad: Option<Timestamp>,
    /// By the release that answered, as far as it named itself.
    pub(crate) releases: BTreeMap<String, ReleaseReport>,
    /// Why requests failed, and how many did.
    pub(crate) reasons: BTreeMap<String, u64>,
    /// From when a request was due to the end of its answer; `None` before the first.
    pub(crate) latency: Option<Latency>,
}

impl LoadReport {
    /// The version of the JSON form.
    pub(crate) const VERSION: u32 = 1;
}

/// How one release answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ReleaseReport {
    /// Without an error.
    pub(crate) ok: u64,
    /// With an error.
    pub(crate) harmed: u64,
    /// When the first error came.
    pub(crate) first_bad: Option<Timestamp>,
}

impl ReleaseReport {
    pub(super) fn count(&mut self, bad: bool) {
        if bad {
            self.harmed += 1;
            self.first_bad.get_or_insert_with(Timestamp::now);
        } else {
            self.ok += 1;
        }
    }
}

/// Exact quantiles, in milliseconds.
#[expect(clippy::struct_field_names, reason = "the unit belongs into the JSON form")]
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Latency {
    /// Half were faster.
    pub(crate) p50_ms: f64,
    /// 95 of 100 were faster.
    pub(crate) p95_ms: f64,
    /// 99 of 100 were faster.
    pub(crate) p99_ms: f64,
    /// The slowest.
    pub(crate) max_ms: f64,
}

impl Latency {
    /// Of these times in microseconds.
    pub(super) fn of(mut micros: Vec<u32>) -> Option<Self> {
        micros.sort_unstable();
        let max = micros.last()?;
        let rank = |per_mille: usize| (micros.len() * per_mille).div_ceil(1_000).max(1) - 1;
        let at = |per_mille| f64::from(micros[rank(per_mille)]) / 1_000.0;
        Some(Self { p50_ms: at(500), p95_ms: at(950), p99_ms: at(990), max_ms: f64::from(*max) / 1_000.0 })
    }
}

impl fmt::Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, ok, harmed, failed, .. } = self;
        write!(f, "{requests} requests: {ok} ok, {harmed} harmed, {failed} failed")?;
        for (name, release) in &self.releases {
            write!(f, "\n  {}: {} ok, {} harmed", one_line(name), release.ok, release.harmed)?;
        }
        for (why, count) in &self.reasons {
            write!(f, "\n  failed {count}: {}", one_line(why))?;
        }
        match self.latency {
            Some(Latency { p50_ms, p95_ms, p99_ms, max_ms }) => {
                write!(
                    f,
                    "\n  p50 {p50_ms:.1} ms, p95 {p95_ms:.1} ms, p99 {p99_ms:.1} ms, most {max_ms:.1} ms"
                )
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_samples_that_were_taken() {
        let latency = Latency::of((1..=100).map(|n| n * 1_000).rev().collect()).unwrap();
        assert_eq!(latency, Latency { p50_ms: 50.0, p95_ms: 95.0, p99_ms: 99.0, max_ms: 100.0 });
        let one = Latency { p50_ms: 0.5, p95_ms: 0.5, p99_ms: 0.5, max_ms: 0.5 };
        assert_eq!(Latency::of(vec![500]), Some(one));
        assert_eq!(Latency::of(Vec::new()), None);
    }
}
