//! What Prometheus knew at one moment, and what happened between two of them.

use std::collections::BTreeMap;
use std::time::Duration;

use handover_core::Slot;

use super::buckets::{Buckets, Layout};
use super::wire::{Labels, Sample};
use crate::histogram::Histogram;
use crate::source::SourceError;

/// Beyond this a float skips counts.
const MOST: f64 = 9_007_199_254_740_992.0;

/// The counters of one slot.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counts {
    pub(super) requests: BTreeMap<Labels, u64>,
    pub(super) errors: BTreeMap<Labels, u64>,
    pub(super) buckets: BTreeMap<Labels, Buckets>,
    /// When the newest of them was scraped, in seconds.
    pub(super) newest: f64,
}

/// What happened in one slot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Happened {
    pub(super) requests: u64,
    pub(super) errors: u64,
    pub(super) durations: Histogram,
}

impl Counts {
    /// What was counted since `earlier`, series by series.
    ///
    /// A counter that fell began anew, from zero. A series that was not there before begins with its first value: what
    /// it had counted by then may be hours old.
    pub(super) fn since(&self, earlier: &Self, slot: Slot) -> Result<Happened, SourceError> {
        let mut durations = Histogram::default();
        for (series, now) in &self.buckets {
            let Some(before) = earlier.buckets.get(series) else { continue };
            now.since(before, slot)?.into_iter().for_each(|(code, count)| durations.add_many(code, count));
        }
        let (requests, errors) =
            (growth(&self.requests, &earlier.requests), growth(&self.errors, &earlier.errors));
        Ok(Happened { requests, errors, durations })
    }

    /// The layouts of its histograms.
    pub(super) fn layouts(&self) -> impl Iterator<Item = Layout<'_>> {
        self.buckets.values().map(Buckets::layout)
    }
}

fn growth(now: &BTreeMap<Labels, u64>, earlier: &BTreeMap<Labels, u64>) -> u64 {
    let grown = |(series, now): (&Labels, &u64)| match earlier.get(series) {
        Some(before) if before <= now => now - before,
        Some(_) => *now,
        None => 0,
    };
    now.iter().map(grown).fold(0, u64::saturating_add)
}

/// The counters that a query gave.
pub(super) fn counters(query: &str, samples: Vec<Sample>) -> Result<BTreeMap<Labels, u64>, SourceError> {
    samples.into_iter().map(|sample| Ok((sample.metric, count(query, &sample.value.1)?))).collect()
}

/// The histograms that a query gave: the series that differ only in `le` are one.
pub(super) fn histograms(
    query: &str,
    samples: Vec<Sample>,
) -> Result<BTreeMap<Labels, Buckets>, SourceError> {
    let mut found = BTreeMap::<Labels, Buckets>::new();
    for mut sample in samples {
        let end = sample.metric.remove("le").and_then(|le| end(&le));
        let Some(end) = end else {
            return Err(SourceError::NotACount {
                query: query.to_owned(),
                found: "a series without a bucket's end in `le`".to_owned(),
            });
        };
        let count = count(query, &sample.value.1)?;
        found.entry(sample.metric).or_default().insert(end, count);
    }
    Ok(found)
}

/// A bucket's end in seconds, `+Inf` for the last.
fn end(le: &str) -> Option<Duration> {
    let seconds: f64 = le.parse().ok()?;
    if seconds == f64::INFINITY { Some(Duration::MAX) } else { Duration::try_from_secs_f64(seconds).ok() }
}

fn count(query: &str, value: &str) -> Result<u64, SourceError> {
    let number = value.parse::<f64>().ok().filter(|number| (0.0..=MOST).contains(number));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "in range, as was just looked at"
    )]
    number.map(|number| number.round() as u64).ok_or_else(|| {
        let found = value.chars().take(40).collect();
        SourceError::NotACount { query: query.to_owned(), found }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(instance: &str) -> Labels {
        Labels::from([("instance".to_owned(), instance.to_owned())])
    }

    fn of(series: &[(&str, u64)]) -> BTreeMap<Labels, u64> {
        series.iter().map(|(instance, count)| (labels(instance), *count)).collect()
    }

    #[test]
    fn growth_is_added_up_series_by_series() {
        let before = of(&[("a", 100), ("b", 40), ("gone", 7)]);
        assert_eq!(growth(&of(&[("a", 110), ("b", 41)]), &before), 11);
        // `b` was started again: the sum of the two would hide it.
        assert_eq!(growth(&of(&[("a", 150), ("b", 5)]), &before), 55);
        assert_eq!(growth(&of(&[("a", 100), ("new", 9_000)]), &before), 0, "a first value is a beginning");
    }

    #[test]
    fn what_is_no_count_is_refused() {
        for (value, good) in [
            ("12", Some(12)),
            ("1.2e+06", Some(1_200_000)),
            ("NaN", None),
            ("+Inf", None),
            ("-1", None),
            ("1e300", None),
            ("", None),
        ] {
            assert_eq!(count("q", value).ok(), good, "{value}");
        }
        let error = count("up", "NaN").expect_err("not a number");
        assert_eq!(error.to_string(), "`up` gives NaN, which is no count");
    }

    #[test]
    fn a_histogram_is_what_differs_only_in_its_ends() {
        let sample = |le: &str, count: &str| Sample {
            metric: Labels::from([("le".to_owned(), le.to_owned()), ("instance".to_owned(), "a".to_owned())]),
            value: (0.0, count.to_owned()),
        };
        let found = histograms("q", vec![sample("0.5", "3"), sample("+Inf", "4")]).expect("two buckets");
        assert_eq!(found.keys().collect::<Vec<_>>(), [&labels("a")]);
        for le in ["half", "-1", "NaN"] {
            assert!(histograms("q", vec![sample(le, "3")]).is_err(), "{le}");
        }
    }
}
