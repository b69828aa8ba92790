use std::time::Duration;

/// Durations, all of them kept: a soak's tail is what one looks for, so nothing is rounded into a bucket.
#[derive(Debug, Default, Clone)]
pub(crate) struct Times {
    /// In nanoseconds.
    all: Vec<u64>,
}

/// The figures of a set of durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) n: usize,
    pub(crate) min: Duration,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    pub(crate) max: Duration,
}

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.all.push(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.all.append(&mut other.all);
    }

    /// The figures, or `None` where nothing was measured.
    pub(crate) fn summary(&self) -> Option<Summary> {
        let mut sorted = self.all.clone();
        sorted.sort_unstable();
        let at = |percent: usize| nearest_rank(&sorted, percent).map(Duration::from_nanos);
        Some(Summary { n: sorted.len(), min: at(0)?, p50: at(50)?, p99: at(99)?, max: at(100)? })
    }
}

/// The smallest value that at least `percent` of all values do not exceed.
fn nearest_rank(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(millis: impl IntoIterator<Item = u64>) -> Times {
        let mut times = Times::default();
        millis.into_iter().for_each(|ms| times.push(Duration::from_millis(ms)));
        times
    }

    #[test]
    fn a_quantile_is_a_value_that_was_measured() {
        let summary = times((1..=200).rev()).summary().unwrap();
        let ms = Duration::from_millis;
        assert_eq!(summary, Summary { n: 200, min: ms(1), p50: ms(100), p99: ms(198), max: ms(200) });
    }

    #[test]
    fn nothing_measured_has_no_figures_and_one_value_is_all_of_them() {
        assert_eq!(Times::default().summary(), None);
        let one = times([7]).summary().unwrap();
        assert_eq!((one.min, one.p50, one.p99, one.max), (one.max, one.max, one.max, one.max));
    }
}
