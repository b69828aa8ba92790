use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use handover_core::ServiceName;

/// `handover monitor`.
#[derive(Debug, Subcommand)]
pub(crate) enum Monitor {
    /// Prints a dashboard of both slots: requests, error rate, p95 and split, with the judge's limits as lines
    Dashboard(Dashboard),
}

/// `handover monitor dashboard`.
#[derive(Debug, Args)]
#[command(after_help = "The service's name and the limits are those of handover.toml, where there is one.

grafana: Prometheus must read the edge's metrics in a job named after the service.
datadog: the Agent must read them with its openmetrics check, set up so (and percentiles must be switched on for
the distribution handover.edge.request_duration_seconds, in Datadog's summary of that metric):
    namespace: handover
    metrics:
      - handover_edge_requests: edge.requests
      - handover_edge_request_duration_seconds: edge.request_duration_seconds
      - handover_edge_weight_bps: edge.weight_bps
    histogram_buckets_as_distributions: true
    tags: [\"service:NAME\"]

Examples:
  handover monitor dashboard grafana --output dashboards/shop.json
  handover monitor dashboard datadog --service shop")]
pub(crate) struct Dashboard {
    /// Which system draws it
    pub(crate) system: System,
    /// The service; by default the one of handover.toml
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<ServiceName>,
    /// What stands above it; by default `Releases of` the service
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Writes it to this file, in place of what is there
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// What draws a dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum System {
    /// Datadog, from the metrics of its Agent
    Datadog,
    /// Grafana, from a Prometheus
    Grafana,
}
