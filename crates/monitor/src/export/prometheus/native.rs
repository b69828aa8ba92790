use prost::Message as _;

use super::super::exponential::Scale;
use super::super::metric::{Labels, Metric, sum_of_seconds};
use super::escape;
use crate::histogram::Histogram;

/// The content type of [`native`].
pub const NATIVE_TYPE: &str =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/// The metric as a native histogram, `name_seconds`: one length-delimited `MetricFamily`, to be appended to others.
///
/// A quantile read back is off by at most [`Scale::error`]. Servers before 3.8 take native histograms only where they
/// are switched on (`--enable-feature=native-histograms`), and every server only in this binary form: ask
/// [`accepts_native`](super::accepts_native), and answer with [`text`](super::text()) to the others.
pub fn native(metric: &Metric, scale: Scale) -> Vec<u8> {
    let family = wire::MetricFamily {
        name: escape::name_of(metric),
        help: metric.help().to_owned(),
        kind: wire::HISTOGRAM,
        metric: metric.series().map(|(labels, latencies)| series(labels, latencies, scale)).collect(),
    };
    family.encode_length_delimited_to_vec()
}

fn series(labels: &Labels, latencies: &Histogram, scale: Scale) -> wire::Metric {
    let labels = escape::labels_of(labels, "le").into_iter();
    wire::Metric {
        label: labels.map(|(name, value)| wire::LabelPair { name, value }).collect(),
        histogram: Some(histogram(latencies, scale)),
    }
}

fn histogram(latencies: &Histogram, scale: Scale) -> wire::Histogram {
    let (mut spans, mut deltas) = (Vec::<wire::BucketSpan>::new(), Vec::new());
    let (mut next, mut before) = (0, 0i64);
    for (bucket, count) in scale.buckets(latencies) {
        match spans.last_mut() {
            Some(span) if bucket == next => span.length += 1,
            _ => spans.push(wire::BucketSpan { offset: bucket - next, length: 1 }),
        }
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        deltas.push(count - before);
        (next, before) = (bucket + 1, count);
    }
    wire::Histogram {
        sample_count: latencies.count(),
        sample_sum: sum_of_seconds(latencies),
        schema: scale.number(),
        zero_threshold: ZERO,
        positive_span: spans,
        positive_delta: deltas,
    }
}

/// What is taken for zero: 2^-128, the clients' usual. No latency is that short; but without it an empty histogram
/// would pass for a classic one.
const ZERO: f64 = 2.938_735_877_055_719e-39;

/// The part of `io.prometheus.client` that is needed, with the published numbers of its fields.
mod wire {
    pub(super) const HISTOGRAM: i32 = 4;

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct MetricFamily {
        #[prost(string, required, tag = "1")]
        pub(super) name: String,
        #[prost(string, required, tag = "2")]
        pub(super) help: String,
        #[prost(int32, required, tag = "3")]
        pub(super) kind: i32,
        #[prost(message, repeated, tag = "4")]
        pub(super) metric: Vec<Metric>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Metric {
        #[prost(message, repeated, tag = "1")]
        pub(super) label: Vec<LabelPair>,
        #[prost(message, optional, tag = "7")]
        pub(super) histogram: Option<Histogram>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct LabelPair {
        #[prost(string, required, tag = "1")]
        pub(super) name: String,
        #[prost(string, required, tag = "2")]
        pub(super) value: String,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Histogram {
        #[prost(uint64, required, tag = "1")]
        pub(super) sample_count: u64,
        #[prost(double, required, tag = "2")]
        pub(super) sample_sum: f64,
        #[prost(sint32, required, tag = "5")]
        pub(super) schema: i32,
        #[prost(double, required, tag = "6")]
        pub(super) zero_threshold: f64,
        #[prost(message, repeated, tag = "12")]
        pub(super) positive_span: Vec<BucketSpan>,
        #[prost(sint64, repeated, tag = "13")]
        pub(super) positive_delta: Vec<i64>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct BucketSpan {
        #[prost(sint32, required, tag = "1")]
        pub(super) offset: i32,
        #[prost(uint32, required, tag = "2")]
        pub(super) length: u32,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    /// The counts by bucket, as a reader adds them up.
    fn read(histogram: &wire::Histogram) -> BTreeMap<i32, i64> {
        let (mut deltas, mut count, mut at) = (histogram.positive_delta.iter(), 0, 0);
        let mut buckets = BTreeMap::new();
        for span in &histogram.positive_span {
            at += span.offset;
            for _ in 0..span.length {
                count += deltas.next().expect("a delta for each bucket");
                buckets.insert(at, count);
                at += 1;
            }
        }
        assert_eq!(deltas.next(), None);
        buckets
    }

    proptest! {
        #[test]
        fn spans_and_deltas_give_the_buckets_back(micros in prop::collection::vec(0u64..200_000_000, 0..60)) {
            let latencies: Histogram = micros.iter().copied().map(Duration::from_micros).collect();
            for scale in [Scale::Five, Scale::Six] {
                let buckets = scale.buckets(&latencies).into_iter().map(|(at, count)| (at, count.cast_signed()));
                prop_assert_eq!(read(&histogram(&latencies, scale)), buckets.collect::<BTreeMap<_, _>>());
            }
        }
    }
}
