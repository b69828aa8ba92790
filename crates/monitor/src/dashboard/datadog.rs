use serde_json::{Value, json};

use super::{DURATIONS, Dashboard, FAILED, GIVEN_UP, REQUESTS, WEIGHTS, limit, percent};

pub(super) fn dashboard(of: &Dashboard) -> Value {
    json!({
        "title": of.title,
        "description": format!(
            "Requests, failures, latency and share of both slots, as the edge counts them. The Datadog Agent reads \
             them with its openmetrics check: namespace handover, histogram_buckets_as_distributions, the tag \
             service:{}. Percentiles must be switched on for {}.",
            of.service,
            name(DURATIONS)
        ),
        "layout_type": "ordered",
        "reflow_type": "auto",
        "widgets": [requests(of), errors(of), p95(of), split(of)],
    })
}

fn requests(of: &Dashboard) -> Value {
    let query = format!("sum:{}{{service:{}}} by {{slot,release}}.as_rate()", count(), of.service);
    widget("Requests per second", "bars", &[("requests", query)], "requests", &json!([]))
}

fn errors(of: &Dashboard) -> Value {
    let (count, service) = (count(), &of.service);
    let some = |class: &str| {
        format!("sum:{count}{{service:{service} AND class {class}}} by {{slot,release}}.as_count()")
    };
    let failed = some(&format!("IN ({})", FAILED.join(",")));
    let ended = some(&format!("NOT IN ({GIVEN_UP})"));
    let max = percent(of.max_error_rate);
    let line = json!([line(max, &format!("{max} %"))]);
    let queries = [("failed", failed), ("ended", ended)];
    widget(&format!("Error rate in %, limit {max} %"), "line", &queries, "100 * failed / ended", &line)
}

fn p95(of: &Dashboard) -> Value {
    let query = format!("p95:{}{{service:{}}} by {{slot,release}}", name(DURATIONS), of.service);
    let line = json!([line(of.max_p95.as_secs_f64(), &limit(of.max_p95))]);
    let title = format!("p95 latency in seconds, limit {}", limit(of.max_p95));
    widget(&title, "line", &[("p95", query)], "p95", &line)
}

fn split(of: &Dashboard) -> Value {
    let query = format!("avg:{}{{service:{}}} by {{slot}}", name(WEIGHTS), of.service);
    widget("Split in %", "area", &[("weight", query)], "weight / 100", &json!([]))
}

/// A line across the graph.
fn line(value: f64, label: &str) -> Value {
    json!({ "value": format!("y = {value}"), "display_type": "error dashed", "label": label })
}

fn widget(title: &str, display: &str, queries: &[(&str, String)], formula: &str, markers: &Value) -> Value {
    let queries: Vec<_> = queries.iter().map(|(name, query)| query_json(name, query)).collect();
    json!({ "definition": {
        "type": "timeseries",
        "title": title,
        "show_legend": true,
        "legend_layout": "auto",
        "yaxis": { "include_zero": true },
        "markers": markers,
        "requests": [{
            "response_format": "timeseries",
            "queries": queries,
            "formulas": [{ "formula": formula }],
            "display_type": display,
        }],
    } })
}

fn query_json(name: &str, query: &str) -> Value {
    json!({ "data_source": "metrics", "name": name, "query": query })
}

/// The Agent's name for a metric: its namespace, then the rest with the edge apart.
fn name(metric: &str) -> String {
    metric.replacen("handover_edge_", "handover.edge.", 1)
}

/// The Agent takes `_total` away and says what kind of number it made.
fn count() -> String {
    format!("{}.count", name(REQUESTS.trim_end_matches("_total")))
}
