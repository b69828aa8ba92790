use std::time::Duration;

use ::prometheus::core::Metric as _;
use ::prometheus::{Histogram, HistogramOpts};
use metrics::{Key, Level, Metadata, Recorder as _};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use prometheus_client::metrics::histogram::Histogram as Client;
use prometheus_client::registry::Registry;

use super::buckets;
use crate::subject::{Recording, Subject, Writer, each, subject};

pub(super) fn subjects() -> Vec<Box<dyn Subject>> {
    vec![
        subject("metrics + exporter-prometheus", Exporter::new),
        subject("prometheus", Classic::new),
        subject("prometheus-client", InClient::new),
    ]
}

struct Exporter {
    histogram: metrics::Histogram,
    handle: PrometheusHandle,
}

impl Exporter {
    fn new() -> Self {
        let recorder = PrometheusBuilder::new().build_recorder();
        let about = Metadata::new("bench", Level::INFO, None);
        let histogram = recorder.register_histogram(&Key::from_name("took"), &about);
        Self { histogram, handle: recorder.handle() }
    }
}

impl Recording for Exporter {
    fn writer(&self) -> Writer<'_> {
        let histogram = self.histogram.clone();
        each(move |took| histogram.record(took.as_secs_f64()))
    }

    fn second(&mut self) {
        self.handle.run_upkeep();
    }

    fn p95(&mut self) -> Option<Duration> {
        let text = self.handle.render();
        let line = text.lines().find(|line| line.starts_with("took{quantile=\"0.95\"}"))?;
        Duration::try_from_secs_f64(line.split_whitespace().next_back()?.parse().ok()?).ok()
    }
}

struct Classic(Histogram);

impl Classic {
    #[expect(clippy::expect_used, reason = "the name is fair")]
    fn new() -> Self {
        Self(Histogram::with_opts(HistogramOpts::new("took", "a bench's")).expect("a fair name"))
    }
}

impl Recording for Classic {
    fn writer(&self) -> Writer<'_> {
        each(|took| self.0.observe(took.as_secs_f64()))
    }

    fn p95(&mut self) -> Option<Duration> {
        let metric = self.0.metric();
        let histogram = metric.get_histogram();
        let edges = histogram.get_bucket().iter().map(|edge| (edge.upper_bound(), edge.cumulative_count()));
        buckets::p95(edges.chain([(f64::INFINITY, histogram.get_sample_count())]))
    }
}

struct InClient {
    histogram: Client,
    registry: Registry,
}

impl InClient {
    fn new() -> Self {
        let histogram = Client::new(::prometheus::DEFAULT_BUCKETS.iter().copied());
        let mut registry = Registry::default();
        registry.register("took", "a bench's", histogram.clone());
        Self { histogram, registry }
    }
}

impl Recording for InClient {
    fn writer(&self) -> Writer<'_> {
        each(|took| self.histogram.observe(took.as_secs_f64()))
    }

    fn p95(&mut self) -> Option<Duration> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).ok()?;
        buckets::p95(text.lines().filter_map(|line| {
            let (edge, count) = line.strip_prefix("took_bucket{le=\"")?.split_once("\"} ")?;
            Some((if edge == "+Inf" { f64::INFINITY } else { edge.parse().ok()? }, count.parse().ok()?))
        }))
    }
}
