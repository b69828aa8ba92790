//! OpenTelemetry's exponential histogram.

use handover_core::Timestamp;
use prost::Message as _;

use super::exponential::Scale;
use super::metric::{Labels, Metric, sum_of_seconds};
use crate::histogram::Histogram;

/// The content type of [`request`], for a `POST` to a collector's `/v1/metrics`.
pub const CONTENT_TYPE: &str = "application/x-protobuf";

/// What a metric's counts are counts of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Temporality {
    /// Of everything since the process began.
    #[default]
    Cumulative,
    /// Of what came since the export before: a slice, or a window.
    Delta,
}

/// How metrics are exported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Who measured: `service.name`, `service.instance.id` and the like.
    pub resource: Labels,
    /// How finely; a quantile read back is off by at most [`Scale::error`].
    pub scale: Scale,
    /// What the counts are counts of.
    pub temporality: Temporality,
    /// When counting began: the start of the process, or the end of the export before.
    pub began: Timestamp,
    /// When the counters were read.
    pub read: Timestamp,
}

/// An `ExportMetricsServiceRequest` with these metrics, each an exponential histogram of seconds.
pub fn request<'a>(metrics: impl IntoIterator<Item = &'a Metric>, options: &Options) -> Vec<u8> {
    let scope = wire::Scope { name: "handover-monitor".into(), version: env!("CARGO_PKG_VERSION").into() };
    let metrics = metrics.into_iter().map(|metric| encoded(metric, options)).collect();
    let scopes = vec![wire::ScopeMetrics { scope: Some(scope), metrics }];
    let resource = wire::Resource { attributes: attributes(&options.resource) };
    wire::Request { resources: vec![wire::ResourceMetrics { resource: Some(resource), scopes }] }
        .encode_to_vec()
}

fn encoded(metric: &Metric, options: &Options) -> wire::Metric {
    let points = metric.series().map(|(labels, latencies)| point(labels, latencies, options)).collect();
    let temporality = match options.temporality {
        Temporality::Delta => wire::DELTA,
        Temporality::Cumulative => wire::CUMULATIVE,
    };
    wire::Metric {
        name: metric.name().to_owned(),
        description: metric.help().to_owned(),
        unit: "s".into(),
        histogram: Some(wire::Exponential { points, temporality }),
    }
}

fn point(labels: &Labels, latencies: &Histogram, options: &Options) -> wire::Point {
    wire::Point {
        attributes: attributes(labels),
        began: nanos(options.began),
        read: nanos(options.read),
        count: latencies.count(),
        sum: Some(sum_of_seconds(latencies)),
        scale: options.scale.number(),
        positive: Some(buckets(latencies, options.scale)),
    }
}

/// One count for each bucket from the first that is occupied to the last.
fn buckets(latencies: &Histogram, scale: Scale) -> wire::Buckets {
    let occupied = scale.buckets(latencies);
    let (Some((&first, _)), Some((&last, _))) = (occupied.first_key_value(), occupied.last_key_value())
    else {
        return wire::Buckets::default();
    };
    let counts = (first..=last).map(|bucket| occupied.get(&bucket).copied().unwrap_or_default()).collect();
    // Here a bucket is named by its lower edge.
    wire::Buckets { offset: first - 1, counts }
}

fn attributes(labels: &Labels) -> Vec<wire::Attribute> {
    let one = |(name, value): (&String, &String)| wire::Attribute {
        key: name.clone(),
        value: Some(wire::Value { text: Some(value.clone()) }),
    };
    labels.iter().map(one).collect()
}

fn nanos(moment: Timestamp) -> u64 {
    moment.unix_millis().saturating_mul(1_000_000)
}

/// The part of `opentelemetry.proto` that is needed, with the published numbers of its fields. The published crate
/// would bring an SDK along.
mod wire {
    pub(super) const DELTA: i32 = 1;
    pub(super) const CUMULATIVE: i32 = 2;

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Request {
        #[prost(message, repeated, tag = "1")]
        pub(super) resources: Vec<ResourceMetrics>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct ResourceMetrics {
        #[prost(message, optional, tag = "1")]
        pub(super) resource: Option<Resource>,
        #[prost(message, repeated, tag = "2")]
        pub(super) scopes: Vec<ScopeMetrics>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Resource {
        #[prost(message, repeated, tag = "1")]
        pub(super) attributes: Vec<Attribute>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct ScopeMetrics {
        #[prost(message, optional, tag = "1")]
        pub(super) scope: Option<Scope>,
        #[prost(message, repeated, tag = "2")]
        pub(super) metrics: Vec<Metric>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Scope {
        #[prost(string, tag = "1")]
        pub(super) name: String,
        #[prost(string, tag = "2")]
        pub(super) version: String,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Metric {
        #[prost(string, tag = "1")]
        pub(super) name: String,
        #[prost(string, tag = "2")]
        pub(super) description: String,
        #[prost(string, tag = "3")]
        pub(super) unit: String,
        #[prost(message, optional, tag = "10")]
        pub(super) histogram: Option<Exponential>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Exponential {
        #[prost(message, repeated, tag = "1")]
        pub(super) points: Vec<Point>,
        #[prost(int32, tag = "2")]
        pub(super) temporality: i32,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Point {
        #[prost(message, repeated, tag = "1")]
        pub(super) attributes: Vec<Attribute>,
        #[prost(fixed64, tag = "2")]
        pub(super) began: u64,
        #[prost(fixed64, tag = "3")]
        pub(super) read: u64,
        #[prost(fixed64, tag = "4")]
        pub(super) count: u64,
        #[prost(double, optional, tag = "5")]
        pub(super) sum: Option<f64>,
        #[prost(sint32, tag = "6")]
        pub(super) scale: i32,
        #[prost(message, optional, tag = "8")]
        pub(super) positive: Option<Buckets>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Buckets {
        #[prost(sint32, tag = "1")]
        pub(super) offset: i32,
        #[prost(uint64, repeated, tag = "2")]
        pub(super) counts: Vec<u64>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Attribute {
        #[prost(string, tag = "1")]
        pub(super) key: String,
        #[prost(message, optional, tag = "2")]
        pub(super) value: Option<Value>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Value {
        #[prost(string, optional, tag = "1")]
        pub(super) text: Option<String>,
    }
}
