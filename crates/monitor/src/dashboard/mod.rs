//! Dashboards as data: the requests, failures, latencies and shares of a service's two slots.
//!
//! Made of what the edge exports and nothing else, so a dashboard is never empty for want of a name. The lines in it
//! are the limits of a judge: what crosses one on the screen is what takes a release back.

mod datadog;
mod grafana;

use std::time::Duration;

use handover_core::ServiceName;
use serde_json::Value;

use crate::ThresholdLimits;
use crate::edge_names::{DURATIONS, FAILED, GIVEN_UP, REQUESTS};

/// The share of each slot that is in force, in basis points.
const WEIGHTS: &str = "handover_edge_weight_bps";

/// A dashboard of one service.
///
/// # Examples
///
/// ```
/// # use handover_monitor::Dashboard;
/// let dashboard = Dashboard::new("shop".parse()?).with_title("The shop");
/// assert_eq!(dashboard.grafana()["title"], "The shop");
/// assert_eq!(dashboard.datadog()["layout_type"], "ordered");
/// # Ok::<(), handover_core::NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Dashboard {
    /// The service: the job's name in Prometheus, the tag `service` in Datadog.
    pub service: ServiceName,
    /// What stands above it.
    pub title: String,
    /// The share of failed requests at which a line is drawn, 0 to 1; 5 % by default.
    pub max_error_rate: f64,
    /// The 95th percentile at which a line is drawn; 500 ms by default.
    pub max_p95: Duration,
}

impl Dashboard {
    /// A dashboard with the default limits, named after the service.
    pub fn new(service: ServiceName) -> Self {
        let limits = ThresholdLimits::default();
        let title = format!("Releases of {service}");
        Self { service, title, max_error_rate: limits.max_error_rate, max_p95: limits.max_p95 }
    }

    /// With this title.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// With lines at these limits.
    #[must_use]
    pub const fn with_limits(mut self, max_error_rate: f64, max_p95: Duration) -> Self {
        self.max_error_rate = max_error_rate;
        self.max_p95 = max_p95;
        self
    }

    /// As Grafana imports or provisions it, over a Prometheus that scrapes the edge in a job named after the
    /// service. The data source is a variable of the dashboard.
    pub fn grafana(&self) -> Value {
        grafana::dashboard(self)
    }

    /// As Datadog's `POST /api/v1/dashboard` takes it.
    ///
    /// The names are those that the Datadog Agent's `openmetrics` check makes of the edge's metrics, set up so:
    ///
    /// ```yaml
    /// namespace: handover
    /// metrics:
    ///   - handover_edge_requests: edge.requests
    ///   - handover_edge_request_duration_seconds: edge.request_duration_seconds
    ///   - handover_edge_weight_bps: edge.weight_bps
    /// histogram_buckets_as_distributions: true
    /// tags: ["service:shop"]
    /// ```
    ///
    /// Percentiles must be switched on for the distribution `handover.edge.request_duration_seconds`, once, in
    /// Datadog's summary of the metric. A p95 is the distribution's own; no average of percentiles is ever made.
    pub fn datadog(&self) -> Value {
        datadog::dashboard(self)
    }
}

/// A share as a percentage, free of the last digits' noise.
fn percent(share: f64) -> f64 {
    (share * 10_000.0).round() / 100.0
}

/// `500ms`, as the limit reads in a title.
fn limit(time: Duration) -> String {
    format!("{time:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_are_the_limits() {
        let strict = Dashboard::new("shop".parse().expect("a name"));
        let strict = strict.with_limits(0.07, Duration::from_millis(1_250));
        let (grafana, datadog) = (strict.grafana(), strict.datadog());
        let line = |panel: usize| {
            grafana["panels"][panel]["fieldConfig"]["defaults"]["thresholds"]["steps"][1]["value"].clone()
        };
        assert_eq!((line(1), line(2)), (0.07.into(), 1.25.into()));
        let marker = |widget: usize| datadog["widgets"][widget]["definition"]["markers"][0].clone();
        assert_eq!((&marker(1)["value"], &marker(1)["label"]), (&"y = 7".into(), &"7 %".into()));
        assert_eq!((&marker(2)["value"], &marker(2)["label"]), (&"y = 1.25".into(), &"1.25s".into()));
    }
}
