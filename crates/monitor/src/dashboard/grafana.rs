use serde_json::{Value, json};

use super::{DURATIONS, Dashboard, FAILED, GIVEN_UP, REQUESTS, WEIGHTS, limit, percent};

/// The form of dashboards that this is written in; Grafana brings older ones up to date as it loads them.
const SCHEMA_VERSION: u32 = 39;
/// Grafana's limit for the name in a dashboard's address.
const LONGEST_UID: usize = 40;

/// One graph.
struct Panel {
    title: String,
    description: &'static str,
    expr: String,
    legend: &'static str,
    unit: &'static str,
    line: Option<f64>,
    stacked: bool,
}

pub(super) fn dashboard(of: &Dashboard) -> Value {
    let panels = [requests(of), errors(of), p95(of), split(of)];
    let panels: Vec<_> = (0_u32..).zip(panels).map(|(place, panel)| panel.json(place)).collect();
    let mut whole = json!({
        "title": of.title,
        "description": "Requests, failures, latency and share of both slots, as the edge counts them.",
        "tags": ["handover"],
        "schemaVersion": SCHEMA_VERSION,
        "editable": true,
        "graphTooltip": 1,
        "refresh": "10s",
        "time": { "from": "now-1h", "to": "now" },
        "templating": { "list": [{
            "type": "datasource", "name": "datasource", "label": "Prometheus", "query": "prometheus",
        }] },
        "panels": panels,
    });
    let uid = format!("handover-{}", of.service);
    // A cut name could be another service's too; Grafana makes one up where there is none.
    if uid.len() <= LONGEST_UID {
        whole["uid"] = uid.into();
    }
    whole
}

fn requests(of: &Dashboard) -> Panel {
    Panel {
        title: "Requests per second".to_owned(),
        description: "By slot and release, however they ended.",
        expr: format!("sum by (slot, release) ({})", rate(of, REQUESTS, "")),
        legend: "{{slot}} {{release}}",
        unit: "reqps",
        line: None,
        stacked: true,
    }
}

fn errors(of: &Dashboard) -> Panel {
    let failed = rate(of, REQUESTS, &format!(",class=~\"{}\"", FAILED.join("|")));
    let ended = rate(of, REQUESTS, &format!(",class!=\"{GIVEN_UP}\""));
    Panel {
        title: format!("Error rate, limit {} %", percent(of.max_error_rate)),
        description: "5xx answers and requests without one, of all that were not given up by the client. \
                      No traffic draws nothing: nothing is known then.",
        expr: format!("sum by (slot, release) ({failed}) / sum by (slot, release) ({ended})"),
        legend: "{{slot}} {{release}}",
        unit: "percentunit",
        line: Some(of.max_error_rate),
        stacked: false,
    }
}

fn p95(of: &Dashboard) -> Panel {
    let buckets = rate(of, &format!("{DURATIONS}_bucket"), "");
    Panel {
        title: format!("p95 latency, limit {}", limit(of.max_p95)),
        description: "Read from the buckets of a histogram: between two bucket ends it is interpolated. The judge \
                      reads the edge's own, finer counts.",
        expr: format!("histogram_quantile(0.95, sum by (slot, release, le) ({buckets}))"),
        legend: "{{slot}} {{release}}",
        unit: "s",
        line: Some(of.max_p95.as_secs_f64()),
        stacked: false,
    }
}

fn split(of: &Dashboard) -> Panel {
    Panel {
        title: "Split".to_owned(),
        description: "The share of the traffic that each slot has.",
        expr: format!("avg by (slot) ({WEIGHTS}{{job=\"{}\"}}) / 10000", of.service),
        legend: "{{slot}}",
        unit: "percentunit",
        line: None,
        stacked: true,
    }
}

/// The growth per second of a counter; `more` are further matchers, each after a comma.
fn rate(of: &Dashboard, metric: &str, more: &str) -> String {
    format!("rate({metric}{{job=\"{}\"{more}}}[$__rate_interval])", of.service)
}

impl Panel {
    fn json(self, place: u32) -> Value {
        let source = json!({ "type": "prometheus", "uid": "${datasource}" });
        json!({
            "id": place + 1,
            "type": "timeseries",
            "title": self.title,
            "description": self.description,
            "datasource": source,
            "gridPos": { "h": 9, "w": 12, "x": place % 2 * 12, "y": place / 2 * 9 },
            "targets": [{
                "refId": "A", "datasource": source, "expr": self.expr, "legendFormat": self.legend,
                "editorMode": "code", "range": true,
            }],
            "fieldConfig": { "defaults": self.defaults(), "overrides": [] },
            "options": {
                "legend": { "displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": [] },
                "tooltip": { "mode": "multi", "sort": "none" },
            },
        })
    }

    fn defaults(&self) -> Value {
        let fill = if self.stacked { 40 } else { 0 };
        let mut steps = vec![json!({ "color": "green", "value": null })];
        steps.extend(self.line.map(|line| json!({ "color": "red", "value": line })));
        json!({
            "unit": self.unit,
            "min": 0,
            "thresholds": { "mode": "absolute", "steps": steps },
            "custom": {
                "drawStyle": "line",
                "lineWidth": 2,
                "fillOpacity": fill,
                "showPoints": "never",
                "stacking": { "mode": if self.stacked { "normal" } else { "none" }, "group": "A" },
                "thresholdsStyle": { "mode": if self.line.is_some() { "line" } else { "off" } },
            },
        })
    }
}
