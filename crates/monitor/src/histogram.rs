use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::code::LatencyCode;
use crate::interval;

/// How many samples had which [`LatencyCode`].
///
/// Only codes that occurred are kept, in ascending order, so a window of 25 requests is at most 25 pairs. As JSON it
/// is that list of `[code, count]`; reading one sorts it and adds up codes that appear twice. Counts saturate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(LatencyCode, u64)>", into = "Vec<(LatencyCode, u64)>")]
pub struct Histogram {
    pairs: Vec<(LatencyCode, u64)>,
}

/// A quantile and how far it may be off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The middle of the code that holds the nearest-rank sample.
    pub value: Duration,
    /// The sample itself lies in this range, the upper end excluded: the error of coding.
    pub bucket: (Duration, Duration),
    /// With 95 % confidence the quantile of the traffic behind these samples lies here: the error of sampling, from
    /// order statistics, widened to whole codes. Too few samples leave an end open: zero, or [`Duration::MAX`].
    pub ci: (Duration, Duration),
}

impl Histogram {
    /// Counts one sample.
    pub fn add(&mut self, duration: Duration) {
        self.add_many(LatencyCode::of(duration), 1);
    }

    /// Counts `count` samples of one code.
    pub fn add_many(&mut self, code: LatencyCode, count: u64) {
        if count == 0 {
            return;
        }
        match self.pairs.binary_search_by_key(&code, |pair| pair.0) {
            Ok(at) => self.pairs[at].1 = self.pairs[at].1.saturating_add(count),
            Err(at) => self.pairs.insert(at, (code, count)),
        }
    }

    /// Adds the samples of `other`.
    pub fn merge(&mut self, other: &Self) {
        for &(code, count) in &other.pairs {
            self.add_many(code, count);
        }
    }

    /// All samples of several histograms.
    pub fn sum<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut dense = vec![0u64; LatencyCode::COUNT];
        for &(code, count) in parts.into_iter().flat_map(|part| &part.pairs) {
            dense[code.index()] = dense[code.index()].saturating_add(count);
        }
        Self::from_dense(dense)
    }

    /// Takes away the samples of an `earlier` reading of the same counters: what is left came since.
    ///
    /// A count that would fall below zero, because the two are not of the same counters, becomes zero.
    pub fn subtract(&mut self, earlier: &Self) {
        for &(code, count) in &earlier.pairs {
            if let Ok(at) = self.pairs.binary_search_by_key(&code, |pair| pair.0) {
                self.pairs[at].1 = self.pairs[at].1.saturating_sub(count);
            }
        }
        self.pairs.retain(|pair| pair.1 > 0);
    }

    /// How many samples there are.
    pub fn count(&self) -> u64 {
        self.pairs.iter().fold(0, |sum, pair| sum.saturating_add(pair.1))
    }

    /// Whether there is no sample.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// How many samples took longer than `limit`, where `limit` is first raised to the end of its code (by 1 part
    /// in 64 at most), so that a sample is never called over the limit when it was not.
    pub fn count_over(&self, limit: Duration) -> u64 {
        self.count_beyond(LatencyCode::of(limit))
    }

    /// How many samples have a longer code.
    pub(crate) fn count_beyond(&self, code: LatencyCode) -> u64 {
        let from = self.pairs.partition_point(|pair| pair.0 <= code);
        self.pairs[from..].iter().fold(0, |sum, pair| sum.saturating_add(pair.1))
    }

    /// The code of the nearest-rank quantile, were there `more` samples of `code` as well.
    pub(crate) fn nearest_with(&self, code: LatencyCode, more: u64, q: f64) -> Option<LatencyCode> {
        if more == 0 {
            return self.nearest(q);
        }
        let rank = interval::nearest_rank(self.count().saturating_add(more), q);
        let upto = self.count() - self.count_beyond(code);
        match rank {
            rank if rank <= upto => self.passing().at(rank).map(|found| found.min(code)),
            rank if rank <= upto.saturating_add(more) => Some(code),
            rank => self.passing().at(rank - more),
        }
    }

    /// The code of the nearest-rank quantile.
    pub(crate) fn nearest(&self, q: f64) -> Option<LatencyCode> {
        let count = self.count();
        if count == 0 { None } else { self.passing().at(interval::nearest_rank(count, q)) }
    }

    /// The nearest-rank quantile; `q` is taken into 0 to 1. `None` where there is no sample: an empty window has no
    /// quantile, and zero would be a very good one.
    pub fn quantile(&self, q: f64) -> Option<Bounds> {
        self.quantile_of(self.count(), q)
    }

    /// The same, where the count is known.
    pub(crate) fn quantile_of(&self, count: u64, q: f64) -> Option<Bounds> {
        if count == 0 {
            return None;
        }
        let (low, high) = interval::ranks(count, q);
        let rank = interval::nearest_rank(count, q);
        // In the order of ranks, so that one pass finds all three; a missing end is passed by.
        let mut passing = self.passing();
        let low = low.and_then(|rank| passing.at(rank));
        let at = passing.at(rank)?;
        let high = high.and_then(|rank| passing.at(rank));
        Some(Bounds {
            value: at.value(),
            bucket: (at.low(), at.high()),
            ci: (low.map_or(Duration::ZERO, LatencyCode::low), high.map_or(Duration::MAX, LatencyCode::high)),
        })
    }

    /// The middle of the code that holds the nearest-rank quantile, without how far it may be off.
    pub fn value(&self, q: f64) -> Option<Duration> {
        self.nearest(q).map(LatencyCode::value)
    }

    /// The pairs, codes ascending.
    pub fn iter(&self) -> impl Iterator<Item = (LatencyCode, u64)> + '_ {
        self.pairs.iter().copied()
    }

    /// Of durations in ascending order.
    pub(crate) fn of_ascending(durations: impl IntoIterator<Item = Duration>) -> Self {
        let mut all = Self::default();
        for code in durations.into_iter().map(LatencyCode::of) {
            match all.pairs.last_mut() {
                Some(last) if last.0 == code => last.1 += 1,
                _ => all.pairs.push((code, 1)),
            }
        }
        all
    }

    /// Room for what a window usually holds, so that it is not moved while it grows.
    pub(crate) fn roomy() -> Self {
        Self { pairs: Vec::with_capacity(8 * LatencyCode::PER_OCTAVE) }
    }

    /// Adds the counts of one octave, of which there may be none yet, nor any of a later one. Says how many samples
    /// those are.
    pub(crate) fn append<const PARTS: usize>(&mut self, octave: usize, counts: &[u64; PARTS]) -> u64 {
        // Without a branch for each code, as no processor can guess which occurred.
        let (mut found, mut len, mut samples) = ([(LatencyCode::LAST, 0); PARTS], 0, 0u64);
        for (code, &count) in LatencyCode::of_octave(octave).zip(counts) {
            found[len % PARTS] = (code, count);
            len += usize::from(count > 0);
            samples = samples.wrapping_add(count);
        }
        self.pairs.extend_from_slice(&found[..len]);
        samples
    }

    /// From one count per code, in the order of codes.
    pub(crate) fn from_dense(counts: impl IntoIterator<Item = u64>) -> Self {
        let occupied = counts.into_iter().enumerate().filter(|&(_, count)| count > 0);
        let pairs = occupied.filter_map(|(index, count)| Some((LatencyCode::from_index(index)?, count)));
        Self { pairs: pairs.collect() }
    }

    fn passing(&self) -> Passing<'_> {
        Passing { pairs: &self.pairs, passed: 0 }
    }
}

/// On the way from the smallest sample to the largest.
struct Passing<'a> {
    /// From the code that was found last.
    pairs: &'a [(LatencyCode, u64)],
    /// Samples of smaller codes.
    passed: u64,
}

impl Passing<'_> {
    /// The code of the sample with this 1-based rank, which is not below one asked for before.
    fn at(&mut self, rank: u64) -> Option<LatencyCode> {
        while let [(code, count), later @ ..] = self.pairs {
            let passed = self.passed.saturating_add(*count);
            if passed >= rank {
                return Some(*code);
            }
            (self.pairs, self.passed) = (later, passed);
        }
        None
    }
}

impl From<Vec<(LatencyCode, u64)>> for Histogram {
    fn from(pairs: Vec<(LatencyCode, u64)>) -> Self {
        let mut all = Self::default();
        for (code, count) in pairs {
            all.add_many(code, count);
        }
        all
    }
}

impl From<Histogram> for Vec<(LatencyCode, u64)> {
    fn from(histogram: Histogram) -> Self {
        histogram.pairs
    }
}

impl Extend<Duration> for Histogram {
    fn extend<I: IntoIterator<Item = Duration>>(&mut self, durations: I) {
        durations.into_iter().for_each(|duration| self.add(duration));
    }
}

impl FromIterator<Duration> for Histogram {
    fn from_iter<I: IntoIterator<Item = Duration>>(durations: I) -> Self {
        let mut all = Self::default();
        all.extend(durations);
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn of_micros(micros: &[u64]) -> Histogram {
        micros.iter().copied().map(Duration::from_micros).collect()
    }

    #[test]
    fn nothing_has_no_quantile() {
        assert_eq!(Histogram::default().quantile(0.95), None);
    }

    #[test]
    fn one_sample_is_every_quantile_and_its_interval_is_open() {
        let one = of_micros(&[10_000]);
        for q in [0.0, 0.5, 0.95, 1.0, f64::NAN] {
            let bounds = one.quantile(q).expect("one sample");
            assert!(
                bounds.bucket.0 <= Duration::from_millis(10) && Duration::from_millis(10) < bounds.bucket.1
            );
        }
        assert_eq!(one.quantile(0.95).expect("one sample").ci, (Duration::ZERO, Duration::MAX));
    }

    #[test]
    fn the_sampling_interval_of_a_thousand_is_that_of_ranks_936_to_964() {
        let thousand: Histogram = (1..=1_000).map(Duration::from_millis).collect();
        let ci = thousand.quantile(0.95).expect("samples").ci;
        let rank = |n| LatencyCode::of(Duration::from_millis(n));
        assert_eq!(ci, (rank(936).low(), rank(964).high()));
    }

    #[test]
    fn json_is_a_list_of_pairs_and_reads_back() {
        let some = of_micros(&[3, 3, 900]);
        let json = serde_json::to_string(&some).expect("plain data");
        insta::assert_snapshot!(json, @"[[2,2],[301,1]]");
        assert_eq!(serde_json::from_str::<Histogram>(&json).expect("own output"), some);
        assert_eq!(
            serde_json::from_str::<Histogram>("[[301,1],[2,1],[2,1],[7,0]]").expect("any order"),
            some
        );
    }

    #[test]
    fn json_with_an_impossible_code_is_refused() {
        let error = serde_json::from_str::<Histogram>("[[1408,1]]").expect_err("beyond the last code");
        insta::assert_snapshot!(error, @"1408 is no latency code (they end at 1407) at line 1 column 7");
    }

    proptest! {
        #[test]
        fn the_quantile_is_the_code_of_the_nearest_rank(mut micros in vec(0u64..10_000_000, 1..300), q in 0.0f64..=1.0) {
            let bounds = of_micros(&micros).quantile(q).expect("samples");
            micros.sort_unstable();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small")]
            let rank = ((q * micros.len() as f64).ceil() as usize).clamp(1, micros.len());
            let exact = Duration::from_micros(micros[rank - 1]);
            prop_assert!(bounds.bucket.0 <= exact && exact < bounds.bucket.1);
            prop_assert!(bounds.ci.0 <= bounds.value && bounds.value <= bounds.ci.1);
        }

        #[test]
        fn a_quantile_with_more_samples_is_that_of_a_histogram_that_has_them(
            micros in vec(0u64..10_000_000, 1..100), one in 0u64..10_000_000, more in 0u64..50, q in 0.0f64..=1.0,
        ) {
            let (some, code) = (of_micros(&micros), LatencyCode::of(Duration::from_micros(one)));
            let mut all = some.clone();
            all.add_many(code, more);
            prop_assert_eq!(some.nearest_with(code, more, q), all.nearest(q));
        }

        #[test]
        fn merge_is_one_histogram_of_both_and_subtract_undoes_it(
            a in vec(0u64..10_000_000, 0..100), b in vec(0u64..10_000_000, 0..100),
        ) {
            let both = of_micros(&[a.clone(), b.clone()].concat());
            let (a, b) = (of_micros(&a), of_micros(&b));
            let mut merged = a.clone();
            merged.merge(&b);
            prop_assert_eq!(&merged, &both);
            prop_assert_eq!(&Histogram::sum([&a, &b]), &both);
            merged.subtract(&b);
            prop_assert_eq!(merged, a);
        }

        #[test]
        fn nothing_within_the_limit_counts_as_over(micros in vec(0u64..2_000_000, 0..200), limit in 0u64..2_000_000) {
            let over = of_micros(&micros).count_over(Duration::from_micros(limit));
            let truly = micros.iter().filter(|&&sample| sample > limit).count() as u64;
            let surely = micros.iter().filter(|&&sample| sample > limit + limit / 64 + 2).count() as u64;
            prop_assert!(surely <= over && over <= truly);
        }
    }
}
