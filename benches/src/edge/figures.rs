use std::time::Duration;

/// What one turn of one engine showed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figures {
    pub(crate) failed: u64,
    /// Answers per second.
    pub(crate) rate: f64,
    /// CPU time per answer: the engine's, the load's, the upstream's; in microseconds.
    pub(crate) engine: f64,
    pub(crate) load: f64,
    pub(crate) upstream: f64,
    /// From sending to the last byte, in microseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// One figure of several.
pub(crate) type Pick = fn(&Figures) -> f64;

/// The middle one; of an even number, the upper of both.
pub(crate) fn median(mut all: Vec<f64>) -> Option<f64> {
    all.sort_unstable_by(f64::total_cmp);
    all.get(all.len() / 2).copied()
}

/// The smallest value that at least `percent` of all do not exceed, in microseconds.
pub(crate) fn percentile(sorted: &[u64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map_or(f64::NAN, |nanos| micros(Duration::from_nanos(*nanos)))
}

pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_percentiles_are_values_that_were_measured() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(Vec::new()), None);
        let sorted: Vec<_> = (1..=200).map(|micros| micros * 1_000).collect();
        let [p50, p99] = [50, 99].map(|percent| percentile(&sorted, percent));
        assert!((p50 - 100.0).abs() < 1e-6 && (p99 - 198.0).abs() < 1e-6, "{p50} {p99}");
    }
}
