use std::collections::BTreeMap;

use super::metric::seconds;
use crate::histogram::Histogram;

/// How finely an exponential histogram is cut: 2^scale buckets for each doubling.
///
/// Prometheus calls it the schema. A quantile read back lies in the bucket that holds the middle of the latency code
/// that holds the sample, so it is off by at most half a code and a bucket together; a reader that takes the
/// bucket's middle is off by at most half of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// 32 buckets for each doubling, each 2.2 % wide: off by at most 3.0 %.
    Five,
    /// 64 buckets for each doubling, as many as there are codes, each 1.1 % wide: off by at most 1.9 %.
    #[default]
    Six,
}

impl Scale {
    /// The number the formats know it by.
    pub const fn number(self) -> i32 {
        match self {
            Self::Five => 5,
            Self::Six => 6,
        }
    }

    /// How far a quantile read back may be off at most, from 66 us to 137 s: a bucket's width times half a code.
    pub fn error(self) -> f64 {
        self.base() * 128.0 / 127.0 - 1.0
    }

    /// The ratio of a bucket's upper edge to its lower one.
    pub fn base(self) -> f64 {
        (1.0 / self.buckets_per_doubling()).exp2()
    }

    fn buckets_per_doubling(self) -> f64 {
        f64::from(1 << self.number())
    }

    /// The counts by bucket; bucket i holds the seconds in (base^(i-1), base^i], its upper edge included.
    pub(super) fn buckets(self, latencies: &Histogram) -> BTreeMap<i32, u64> {
        let mut buckets = BTreeMap::new();
        for (code, count) in latencies.iter() {
            let sum: &mut u64 = buckets.entry(self.bucket(seconds(code.value()))).or_default();
            *sum = sum.saturating_add(count);
        }
        buckets
    }

    /// No middle of a code is a power of the base, so rounding cannot put one on the wrong side of an edge.
    fn bucket(self, seconds: f64) -> i32 {
        #[expect(clippy::cast_possible_truncation, reason = "between -21 and 8 doublings")]
        let bucket = (seconds.log2() * self.buckets_per_doubling()).ceil() as i32;
        bucket
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::LatencyCode;

    #[test]
    fn every_sample_is_within_the_stated_error_of_its_whole_bucket() {
        for scale in [Scale::Five, Scale::Six] {
            let mut worst: f64 = 0.0;
            for code in (64..LatencyCode::COUNT - 1).filter_map(LatencyCode::from_index) {
                let bucket = scale.bucket(seconds(code.value()));
                let (low, high) = (scale.base().powi(bucket - 1), scale.base().powi(bucket));
                assert!(low < seconds(code.value()) && seconds(code.value()) < high);
                for sample in [code.low(), code.high()].map(seconds) {
                    worst = worst.max((high / sample - 1.0).abs()).max((low / sample - 1.0).abs());
                }
            }
            assert!(worst <= scale.error(), "{worst} is past {}", scale.error());
            assert!(worst > 0.9 * scale.error(), "{worst} is far from {}", scale.error());
        }
        assert!(Scale::Five.error() < 0.030 && Scale::Six.error() < 0.019);
    }

    #[test]
    fn no_middle_of_a_code_is_near_an_edge() {
        for scale in [Scale::Five, Scale::Six] {
            for code in (0..LatencyCode::COUNT).filter_map(LatencyCode::from_index) {
                let at = seconds(code.value()).log2() * scale.buckets_per_doubling();
                assert!((at - at.round()).abs() > 1e-9, "{code:?} is at {at}");
            }
        }
    }
}
