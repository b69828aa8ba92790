use std::fmt::{self, Write as _};
use std::time::Duration;

use super::super::metric::{Labels, Metric, seconds, sum_of_seconds};
use super::escape;

/// The content type of [`text`] and [`summary`].
pub const TEXT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The upper edges of a histogram's buckets, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edges(Vec<Duration>);

/// Edges that are none, with the first that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadEdges(String);

impl Edges {
    /// These edges.
    ///
    /// # Errors
    ///
    /// They do not ascend, or one is zero.
    pub fn new(edges: Vec<Duration>) -> Result<Self, BadEdges> {
        let before = std::iter::once(&Duration::ZERO).chain(&edges);
        match before.zip(&edges).find(|(before, edge)| before >= edge) {
            Some((before, edge)) => {
                Err(BadEdges(format!("the edge {edge:?} does not lie beyond {before:?}")))
            }
            None => Ok(Self(edges)),
        }
    }
}

impl Default for Edges {
    /// Those that OpenTelemetry recommends for the duration of a request: 5 ms to 10 s.
    fn default() -> Self {
        let millis = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];
        Self(millis.into_iter().map(Duration::from_millis).collect())
    }
}

impl fmt::Display for BadEdges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadEdges {}

/// The metric as a histogram with these edges, `name_seconds_bucket` and so on.
///
/// A sample counts as within an edge unless its whole code lies beyond it, so an edge is in truth up to 1/64 higher
/// than it says. A quantile read back can be off by the distance of two edges, which no finer code makes better:
/// where that is too much, use the native histogram.
pub fn text(metric: &Metric, edges: &Edges) -> String {
    let name = escape::name_of(metric);
    let mut out = head(metric, &name, "histogram");
    for (labels, latencies) in metric.series() {
        let (all, labels) = (latencies.count(), written(labels, "le"));
        for edge in &edges.0 {
            let within = all - latencies.count_over(*edge);
            line(&mut out, &name, "_bucket", &labels, &format!("le=\"{}\"", seconds(*edge)), within);
        }
        line(&mut out, &name, "_bucket", &labels, "le=\"+Inf\"", all);
        line(&mut out, &name, "_sum", &labels, "", sum_of_seconds(latencies));
        line(&mut out, &name, "_count", &labels, "", all);
    }
    out
}

/// The metric as a summary, `name_quantiles_seconds`, with these quantiles.
///
/// Each is within half a code (1/128) of the exact one. Quantiles cannot be added up or averaged: hand it a window,
/// and let nobody aggregate over instances. A series without a sample has no quantiles.
pub fn summary(metric: &Metric, quantiles: &[f64]) -> String {
    let name = escape::name_of(metric);
    let name = format!("{}_quantiles_seconds", name.strip_suffix("_seconds").unwrap_or(&name));
    let mut out = head(metric, &name, "summary");
    for (labels, latencies) in metric.series() {
        let labels = written(labels, "quantile");
        for &quantile in quantiles {
            if let Some(bounds) = latencies.quantile(quantile) {
                let label = format!("quantile=\"{}\"", quantile.clamp(0.0, 1.0));
                line(&mut out, &name, "", &labels, &label, seconds(bounds.value));
            }
        }
        line(&mut out, &name, "_sum", &labels, "", sum_of_seconds(latencies));
        line(&mut out, &name, "_count", &labels, "", latencies.count());
    }
    out
}

fn head(metric: &Metric, name: &str, kind: &str) -> String {
    format!("# HELP {name} {}\n# TYPE {name} {kind}\n", escape::help(metric.help()))
}

/// `a="1",b="2"`
fn written(labels: &Labels, reserved: &str) -> String {
    let mut out = String::new();
    for (name, value) in escape::labels_of(labels, reserved) {
        let comma = if out.is_empty() { "" } else { "," };
        _ = write!(out, "{comma}{name}=\"");
        escape::value(&mut out, &value);
        out.push('"');
    }
    out
}

fn line(out: &mut String, name: &str, suffix: &str, labels: &str, label: &str, value: impl fmt::Display) {
    let comma = if labels.is_empty() || label.is_empty() { "" } else { "," };
    let labels = format!("{labels}{comma}{label}");
    let braced = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
    _ = writeln!(out, "{name}{suffix}{braced} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::histogram::Histogram;

    fn millis(samples: &[u64]) -> Histogram {
        samples.iter().copied().map(Duration::from_millis).collect()
    }

    fn edges(millis: &[u64]) -> Edges {
        Edges::new(millis.iter().copied().map(Duration::from_millis).collect()).unwrap()
    }

    #[test]
    fn a_histogram_is_written_in_the_order_of_labels() {
        let mut metric = Metric::new("http.server.request.duration", "Time to answer.");
        metric.add([("release", "v2")], &millis(&[3, 30]));
        metric.add([("release", "v1"), ("endpoint", "GET /{id}")], &millis(&[700]));
        metric.add([("release", "v2")], &millis(&[30]));
        insta::assert_snapshot!(text(&metric, &edges(&[10, 500])), @r#"
# HELP http_server_request_duration_seconds Time to answer.
# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_bucket{endpoint="GET /{id}",release="v1",le="0.01"} 0
http_server_request_duration_seconds_bucket{endpoint="GET /{id}",release="v1",le="0.5"} 0
http_server_request_duration_seconds_bucket{endpoint="GET /{id}",release="v1",le="+Inf"} 1
http_server_request_duration_seconds_sum{endpoint="GET /{id}",release="v1"} 0.700448768
http_server_request_duration_seconds_count{endpoint="GET /{id}",release="v1"} 1
http_server_request_duration_seconds_bucket{release="v2",le="0.01"} 1
http_server_request_duration_seconds_bucket{release="v2",le="0.5"} 3
http_server_request_duration_seconds_bucket{release="v2",le="+Inf"} 3
http_server_request_duration_seconds_sum{release="v2"} 0.063029248
http_server_request_duration_seconds_count{release="v2"} 3
"#);
    }

    #[test]
    fn a_summary_leaves_out_what_it_does_not_know() {
        let mut metric = Metric::new("rpc.duration", "Time to answer.");
        metric.add([("release", "v1")], &millis(&[10, 20, 30, 40]));
        metric.add([("release", "v2")], &Histogram::default());
        insta::assert_snapshot!(summary(&metric, &[0.5, 0.95, 7.0]), @r#"
# HELP rpc_duration_quantiles_seconds Time to answer.
# TYPE rpc_duration_quantiles_seconds summary
rpc_duration_quantiles_seconds{release="v1",quantile="0.5"} 0.020054016
rpc_duration_quantiles_seconds{release="v1",quantile="0.95"} 0.040108032
rpc_duration_quantiles_seconds{release="v1",quantile="1"} 0.040108032
rpc_duration_quantiles_seconds_sum{release="v1"} 0.100204544
rpc_duration_quantiles_seconds_count{release="v1"} 4
rpc_duration_quantiles_seconds_sum{release="v2"} 0
rpc_duration_quantiles_seconds_count{release="v2"} 0
"#);
    }

    #[test]
    fn hostile_names_and_values_stay_within_their_line() {
        let mut metric = Metric::new("0 evil\nname{}", "a \\ and a\nnewline");
        let hostile = [("le", "1"), ("__name__", "x"), ("a.b", "1"), ("a-b", "2"), ("", "\"} 7\nfake 1 \\")];
        metric.add(hostile, &millis(&[1]));
        insta::assert_snapshot!(text(&metric, &edges(&[10])), @r#"
# HELP _0_evil_name___seconds a \\ and a\nnewline
# TYPE _0_evil_name___seconds histogram
_0_evil_name___seconds_bucket{a_b="2;1",exported_le="1",name__="x",unnamed="\"} 7\nfake 1 \\",le="0.01"} 1
_0_evil_name___seconds_bucket{a_b="2;1",exported_le="1",name__="x",unnamed="\"} 7\nfake 1 \\",le="+Inf"} 1
_0_evil_name___seconds_sum{a_b="2;1",exported_le="1",name__="x",unnamed="\"} 7\nfake 1 \\"} 0.00100352
_0_evil_name___seconds_count{a_b="2;1",exported_le="1",name__="x",unnamed="\"} 7\nfake 1 \\"} 1
"#);
        insta::assert_snapshot!(summary(&Metric::new("", ""), &[]), @"
# HELP unnamed_quantiles_seconds 
# TYPE unnamed_quantiles_seconds summary
");
    }

    #[test]
    fn edges_must_ascend() {
        let refused = |edges: &[u64]| {
            let edges = edges.iter().copied().map(Duration::from_millis).collect();
            Edges::new(edges).unwrap_err().to_string()
        };
        insta::assert_snapshot!(refused(&[5, 5]), @"the edge 5ms does not lie beyond 5ms");
        insta::assert_snapshot!(refused(&[0]), @"the edge 0ns does not lie beyond 0ns");
    }

    proptest::proptest! {
        #[test]
        fn buckets_are_cumulative_and_the_last_is_all(micros in proptest::collection::vec(0u64..20_000_000, 0..50)) {
            let mut metric = Metric::new("m", "");
            metric.add([], &micros.iter().copied().map(Duration::from_micros).collect());
            let text = text(&metric, &Edges::default());
            let counts: Vec<u64> = text.lines().filter(|line| line.starts_with("m_seconds_bucket"))
                .map(|line| line.rsplit(' ').next().unwrap().parse().unwrap()).collect();
            proptest::prop_assert!(counts.is_sorted());
            proptest::prop_assert_eq!(counts.last().copied(), Some(micros.len() as u64));
        }
    }
}
