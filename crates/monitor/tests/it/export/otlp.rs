use std::collections::BTreeMap;

use handover_core::Timestamp;
use handover_monitor::Histogram;
use handover_monitor::export::otlp::{Options, Temporality, request};
use handover_monitor::export::{Metric, Scale};
use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{
    ExponentialHistogram, ExponentialHistogramDataPoint, Metric as Sent,
};
use opentelemetry_sdk::metrics::{Aggregation, InMemoryMetricExporter, Instrument, SdkMeterProvider, Stream};
use prost::Message as _;

use super::{histogram, off_by};

fn options(scale: Scale) -> Options {
    Options {
        resource: BTreeMap::from([("service.name".into(), "shop".into())]),
        scale,
        temporality: Temporality::Cumulative,
        began: Timestamp::from_unix_millis(1_700_000_000_000),
        read: Timestamp::from_unix_millis(1_700_000_060_000),
    }
}

fn metric() -> Metric {
    let mut metric = Metric::new("http.server.request.duration", "Time to answer.");
    metric.add([("http.route", "/users/{id}")], &histogram());
    metric
}

fn only_metric(request: &ExportMetricsServiceRequest) -> Sent {
    request.resource_metrics[0].scope_metrics[0].metrics[0].clone()
}

fn exponential(metric: &Sent) -> ExponentialHistogram {
    match metric.data.clone() {
        Some(Data::ExponentialHistogram(exponential)) => exponential,
        other => panic!("not an exponential histogram: {other:?}"),
    }
}

fn exported(scale: Scale) -> ExportMetricsServiceRequest {
    let bytes = request([&metric()], &options(scale));
    ExportMetricsServiceRequest::decode(&bytes[..]).expect("the published messages")
}

/// What the SDK makes of the same values, at the same scale.
fn sdks(latencies: &Histogram, scale: Scale) -> ExponentialHistogram {
    let exporter = InMemoryMetricExporter::default();
    let max_scale = i8::try_from(scale.number()).expect("small");
    let view = move |_: &Instrument| {
        let finely =
            Aggregation::Base2ExponentialHistogram { max_size: 2_000, max_scale, record_min_max: false };
        Stream::builder().with_aggregation(finely).build().ok()
    };
    let provider =
        SdkMeterProvider::builder().with_periodic_exporter(exporter.clone()).with_view(view).build();
    let instrument =
        provider.meter("test").f64_histogram("http.server.request.duration").with_unit("s").build();
    for (code, count) in latencies.iter() {
        for _ in 0..count {
            instrument.record(code.value().as_secs_f64(), &[KeyValue::new("http.route", "/users/{id}")]);
        }
    }
    provider.force_flush().expect("an export");
    let finished = exporter.get_finished_metrics().expect("an export");
    exponential(&only_metric(&ExportMetricsServiceRequest::from(&finished[0])))
}

#[test]
fn the_published_messages_say_what_the_sdk_says() {
    for scale in [Scale::Five, Scale::Six] {
        let (ours, theirs) = (exponential(&only_metric(&exported(scale))), sdks(&histogram(), scale));
        let (ours_point, theirs_point) = (&ours.data_points[0], &theirs.data_points[0]);
        assert_eq!(ours_point.positive, theirs_point.positive);
        assert_eq!((ours_point.scale, ours_point.count), (theirs_point.scale, theirs_point.count));
        assert_eq!(ours_point.attributes, theirs_point.attributes);
        let (ours_sum, theirs_sum) = (ours_point.sum.expect("a sum"), theirs_point.sum.expect("a sum"));
        assert!((ours_sum / theirs_sum - 1.0).abs() < 1e-9);
        assert_eq!(ours.aggregation_temporality, theirs.aggregation_temporality);
    }
}

#[test]
fn who_what_and_when_are_where_the_published_messages_have_them() {
    let request = exported(Scale::Six);
    let resource = request.resource_metrics[0].resource.as_ref().expect("a resource");
    assert_eq!(resource.attributes[0].key, "service.name");
    let metric = only_metric(&request);
    assert_eq!((&metric.name[..], &metric.unit[..]), ("http.server.request.duration", "s"));
    assert_eq!(metric.description, "Time to answer.");
    let point = &exponential(&metric).data_points[0];
    assert_eq!(
        (point.start_time_unix_nano, point.time_unix_nano),
        (1_700_000_000_000_000_000, 1_700_000_060_000_000_000)
    );
    let delta = Options { temporality: Temporality::Delta, ..options(Scale::Six) };
    let bytes = handover_monitor::export::otlp::request([&self::metric()], &delta);
    let request = ExportMetricsServiceRequest::decode(&bytes[..]).expect("the published messages");
    assert_eq!(exponential(&only_metric(&request)).aggregation_temporality, 1);
}

/// The middle, by ratio, of the bucket that holds the nearest-rank sample, as the proto defines its edges.
fn quantile(point: &ExponentialHistogramDataPoint, quantile: f64) -> f64 {
    let base = f64::from(-point.scale).exp2().exp2();
    let buckets = point.positive.as_ref().expect("buckets");
    let mut passed = 0u32;
    for (index, count) in (buckets.offset..).zip(&buckets.bucket_counts) {
        passed += u32::try_from(*count).expect("ten thousand");
        if f64::from(passed) >= (quantile * 10_000.0).ceil() {
            return base.powf(f64::from(index) + 0.5);
        }
    }
    panic!("no such rank")
}

#[test]
fn a_quantile_read_back_is_within_the_stated_error() {
    for scale in [Scale::Five, Scale::Six] {
        let point = exponential(&only_metric(&exported(scale))).data_points[0].clone();
        for q in [0.01, 0.5, 0.9, 0.95, 0.99] {
            let off = off_by(quantile(&point, q), q);
            assert!(off < scale.error(), "p{} is off by {off}", q * 100.0);
        }
    }
}

#[test]
fn nothing_is_a_point_without_buckets() {
    let mut metric = Metric::new("m", "");
    metric.add([], &Histogram::default());
    let bytes = request([&metric], &Options::default());
    let request = ExportMetricsServiceRequest::decode(&bytes[..]).expect("the published messages");
    let point = exponential(&only_metric(&request)).data_points[0].clone();
    assert_eq!(
        (point.count, point.sum, point.positive.expect("buckets").bucket_counts),
        (0, Some(0.0), vec![])
    );
}
