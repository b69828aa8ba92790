use std::sync::{Arc, Weak};
use std::time::Duration;

use ::opentelemetry::KeyValue;
use ::opentelemetry::metrics::{Histogram, MeterProvider as _};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics};
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, SdkMeterProvider, Temporality};

use super::buckets;
use crate::subject::{Recording, Subject, Writer, each, subject};

pub(super) fn subjects() -> Vec<Box<dyn Subject>> {
    vec![subject("opentelemetry, one attribute", Telemetry::new)]
}

/// A reader that both the provider and the bench hold.
#[derive(Debug, Clone)]
struct Shared(Arc<ManualReader>);

struct Telemetry {
    histogram: Histogram<f64>,
    attributes: [KeyValue; 1],
    reader: Shared,
    _provider: SdkMeterProvider,
}

impl Telemetry {
    fn new() -> Self {
        let reader = Shared(Arc::new(ManualReader::builder().build()));
        let provider = SdkMeterProvider::builder().with_reader(reader.clone()).build();
        let seconds = ::prometheus::DEFAULT_BUCKETS.to_vec();
        let histogram = provider.meter("bench").f64_histogram("took").with_boundaries(seconds).build();
        let attributes = [KeyValue::new("http.route", "/api/orders/{id}")];
        Self { histogram, attributes, reader, _provider: provider }
    }
}

impl Recording for Telemetry {
    fn writer(&self) -> Writer<'_> {
        each(|took| self.histogram.record(took.as_secs_f64(), &self.attributes))
    }

    fn p95(&mut self) -> Option<Duration> {
        let mut found = ResourceMetrics::default();
        self.reader.collect(&mut found).ok()?;
        let metric = found.scope_metrics().flat_map(ScopeMetrics::metrics).next()?;
        let AggregatedMetrics::F64(MetricData::Histogram(histogram)) = metric.data() else { return None };
        let point = histogram.data_points().next()?;
        let mut below = 0;
        let counts = point.bucket_counts().map(|count| {
            below += count;
            below
        });
        buckets::p95(point.bounds().chain([f64::INFINITY]).zip(counts).collect::<Vec<_>>())
    }
}

impl MetricReader for Shared {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, rm: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(rm)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}
