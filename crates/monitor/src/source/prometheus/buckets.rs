//! Classic buckets as latency codes.
//!
//! A bucket says that a request took longer than one end and at most the other. It is given the code in the middle, so
//! that a quantile is off by half a bucket at most, and never one on the other side of an end: what lay beyond a limit
//! on an end is beyond it.

use std::collections::BTreeMap;
use std::time::Duration;

use handover_core::Slot;

use crate::code::LatencyCode;
use crate::source::SourceError;

/// How many requests took at most so long, for each end; the last end is [`Duration::MAX`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Buckets(BTreeMap<Duration, u64>);

/// The ends of a histogram's buckets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout<'a>(&'a BTreeMap<Duration, u64>);

impl Buckets {
    pub(super) fn insert(&mut self, end: Duration, count: u64) {
        self.0.insert(end, count);
    }

    pub(super) const fn layout(&self) -> Layout<'_> {
        Layout(&self.0)
    }

    /// What came since `earlier`, by code. A histogram of which any count fell began anew.
    pub(super) fn since(&self, earlier: &Self, slot: Slot) -> Result<Vec<(LatencyCode, u64)>, SourceError> {
        if !self.0.keys().eq(earlier.0.keys()) {
            return Ok(Vec::new());
        }
        if self.0.keys().next_back() != Some(&Duration::MAX) {
            return Err(impossible(slot, "a histogram has no last bucket, one without an end"));
        }
        let anew = self.0.values().zip(earlier.0.values()).any(|(now, before)| now < before);
        let grown = |end: &Duration, now: u64| now - if anew { 0 } else { earlier.0[end] };
        let (mut low, mut below) = (Duration::ZERO, 0);
        let mut found = Vec::with_capacity(self.0.len());
        for (&end, &now) in &self.0 {
            let within = grown(&end, now);
            let Some(count) = within.checked_sub(below) else {
                return Err(impossible(slot, "a bucket has fewer requests than one that lies within it"));
            };
            found.push((middle(low, end), count));
            (low, below) = (end, within);
        }
        Ok(found)
    }
}

impl Layout<'_> {
    /// The ends but for the last one, which there is none of.
    pub(super) fn ends(self) -> impl Iterator<Item = Duration> {
        self.0.keys().copied().filter(|end| *end < Duration::MAX)
    }

    /// Whether it can be told which requests took longer than `limit`.
    pub(super) fn tells(self, limit: Duration) -> Result<(), SourceError> {
        let code = LatencyCode::of(limit);
        if self.ends().any(|end| LatencyCode::of(end) == code) {
            return Ok(());
        }
        let low = self.ends().filter(|end| *end < limit).last().unwrap_or(Duration::ZERO);
        let high = self.ends().find(|end| *end > limit).unwrap_or(Duration::MAX);
        Err(SourceError::LimitInsideBucket { limit, low, high })
    }
}

/// The code of what lies between two ends, the upper one included.
fn middle(low: Duration, high: Duration) -> LatencyCode {
    let above = match LatencyCode::of(low) {
        first if low.is_zero() => first,
        code => LatencyCode::from_index(code.index() + 1).unwrap_or(LatencyCode::LAST),
    };
    if high == Duration::MAX {
        return above;
    }
    LatencyCode::of((low + high) / 2).max(above).min(LatencyCode::of(high))
}

fn impossible(slot: Slot, because: &str) -> SourceError {
    SourceError::Impossible { slot, because: because.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::histogram::Histogram;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn buckets(counts: &[(Duration, u64)]) -> Buckets {
        Buckets(counts.iter().copied().collect())
    }

    const NO_END: Duration = Duration::MAX;

    fn since(now: &Buckets, before: &Buckets) -> Histogram {
        now.since(before, Slot::Green).expect("possible").into()
    }

    #[test]
    fn a_bucket_is_its_middle_and_the_last_one_lies_beyond_its_beginning() {
        let none = buckets(&[(ms(100), 0), (ms(500), 0), (NO_END, 0)]);
        let some = buckets(&[(ms(100), 5), (ms(500), 8), (NO_END, 10)]);
        let found = since(&some, &none);
        let codes: Vec<_> = found.iter().map(|(code, count)| (code.value().as_millis(), count)).collect();
        assert_eq!(codes, [(50, 5), (299, 3), (505, 2)]);
        assert_eq!((found.count_over(ms(500)), found.count_over(ms(100))), (2, 5));
    }

    #[test]
    fn a_histogram_that_began_anew_counts_from_zero() {
        let before = buckets(&[(ms(100), 50), (NO_END, 90)]);
        let now = buckets(&[(ms(100), 60), (NO_END, 61)]);
        assert_eq!(since(&now, &before).count(), 61);
        let other = buckets(&[(ms(200), 60), (NO_END, 61)]);
        assert_eq!(since(&other, &before).count(), 0, "other ends: a beginning");
    }

    #[test]
    fn buckets_that_cannot_be_are_refused() {
        let before = buckets(&[(ms(100), 0), (NO_END, 0)]);
        let wrong = buckets(&[(ms(100), 5), (NO_END, 3)]);
        let error = wrong.since(&before, Slot::Green).expect_err("more within than without");
        assert_eq!(
            error.to_string(),
            "the counts for green cannot be true: a bucket has fewer requests than one that lies within it"
        );
        let open = buckets(&[(ms(100), 5)]);
        assert!(open.since(&open.clone(), Slot::Green).is_err());
    }

    #[test]
    fn a_limit_is_only_told_where_a_bucket_ends() {
        let layout = buckets(&[(ms(100), 0), (ms(500), 0), (NO_END, 0)]);
        let tells = |limit| layout.layout().tells(limit).map_err(|error| error.to_string());
        assert_eq!(tells(ms(500)), Ok(()));
        assert_eq!(
            tells(ms(300)),
            Err("the limit of 300ms lies inside the bucket from 100ms to 500ms".into())
        );
        assert_eq!(
            tells(ms(900)),
            Err("the limit of 900ms lies inside the last bucket, which begins at 500ms".into())
        );
        assert_eq!(tells(ms(50)), Err("the limit of 50ms lies inside the bucket from 0ns to 100ms".into()));
    }

    proptest! {
        #[test]
        fn no_request_changes_sides_at_an_end(ends in prop::collection::btree_set(1u64..100_000, 1..12), counts in prop::collection::vec(0u64..50, 13)) {
            let ends: Vec<_> = ends.into_iter().map(ms).chain([NO_END]).collect();
            let mut sum = 0;
            let now = Buckets(ends.iter().zip(&counts).map(|(end, count)| { sum += count; (*end, sum) }).collect());
            let none = Buckets(ends.iter().map(|end| (*end, 0)).collect());
            let found = since(&now, &none);
            prop_assert_eq!(found.count(), sum);
            for (end, within) in now.0.iter().filter(|(end, _)| **end < NO_END) {
                // Ends closer than a code cannot be told apart by any window.
                let crowded = now.layout().ends().filter(|other| LatencyCode::of(*other).index().abs_diff(LatencyCode::of(*end).index()) <= 1).count() > 1;
                if !crowded {
                    prop_assert_eq!(found.count() - found.count_over(*end), *within);
                }
            }
        }
    }
}
