use std::time::Duration;

use crate::LatencyCode;

/// How finely a source knows latencies: how far from the truth a quantile read from its windows may be.
///
/// Where it is coarse, limits must be chosen to suit: a limit is only exact on the end of a bucket, and a ratio of two
/// quantiles is one of bucket against bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolution {
    /// To within a [`LatencyCode`]: 0.79 %.
    Codes,
    /// To within this step, and a code.
    Step(Duration),
    /// To within the buckets with these ends, ascending. Beyond the last nothing is known but that it was longer.
    Buckets(Vec<Duration>),
}

impl Resolution {
    /// Between what the true latency lies, where a window says `read`; [`Duration::MAX`] where there is no upper end.
    pub fn around(&self, read: Duration) -> (Duration, Duration) {
        let code = LatencyCode::of(read);
        match self {
            Self::Codes => (code.low(), code.high()),
            Self::Step(step) => (code.low().saturating_sub(*step), code.high().saturating_add(*step)),
            Self::Buckets(ends) => {
                let below = ends.partition_point(|end| *end < read);
                let low = below.checked_sub(1).map_or(Duration::ZERO, |at| ends[at]);
                (low, ends.get(below).copied().unwrap_or(Duration::MAX))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_latency_is_as_sure_as_its_source() {
        let code = LatencyCode::of(ms(150));
        assert_eq!(Resolution::Codes.around(ms(150)), (code.low(), code.high()));
        let (low, high) = Resolution::Step(ms(1)).around(ms(150));
        assert_eq!((low + ms(1), high), (code.low(), code.high() + ms(1)));
        let buckets = Resolution::Buckets(vec![ms(100), ms(200)]);
        assert_eq!(buckets.around(ms(50)), (ms(0), ms(100)));
        assert_eq!(buckets.around(ms(150)), (ms(100), ms(200)));
        assert_eq!(buckets.around(ms(200)), (ms(100), ms(200)));
        assert_eq!(buckets.around(ms(201)), (ms(200), Duration::MAX));
    }
}
