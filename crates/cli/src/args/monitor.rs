use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use handover_core::ServiceName;

use crate::settings::{Period, Rate, Ratio};

/// `handover monitor`.
#[derive(Debug, Subcommand)]
pub(crate) enum Monitor {
    /// Prints a dashboard of both slots: requests, error rate, p95 and split, with the judge's limits as lines
    Dashboard(Dashboard),
    /// Judges windows of your own history, as a deployment would have judged them
    Judge(Judge),
    /// Shows the requests of both slots as they come: rate, errors, p50, p95, p99 and the last minute
    Watch(Watch),
    /// Prints what is done about which finding
    #[command(after_help = "With --json it is what `handover monitor judge --matrix FILE` reads.")]
    Matrix,
}

/// `handover monitor watch`.
#[derive(Debug, Args)]
#[command(after_help = "A mark of the last minute is three seconds; the highest one is the busiest.
Ends with Ctrl-C. In a pipe each look is a block of lines, with --json an object on a line of its own.")]
pub(crate) struct Watch {
    /// How often to look again
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = humantime::parse_duration)]
    pub(crate) every: Duration,
    /// Ends after so many looks
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<NonZeroU64>,
}

/// `handover monitor judge`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each line of standard input is one window (all of it on one line), and each is answered with one line, such as:
  {\"t\":12,\"split\":0.1,
   \"candidate\":{\"n\":10,\"err\":1,\"over_slo\":0,\"hist\":[[47,9],[52,1]]},
   \"stable\":{\"n\":90,\"err\":0,\"over_slo\":1,\"hist\":[[47,89],[72,1]]}}
  {\"verdict\":\"continue\",\"metric\":\"error_rate\",\"log_e\":0.7,\"reason\":\"...\"}
t       when the window ended, in seconds; never before the last one
split   the candidate's share of the traffic, 0 to 1
n       completed requests; err of them failed, over_slo took longer than --max-p95
hist    [i, count]: so many took from 2^((i-1)/8) to 2^(i/8) milliseconds; together n
in_flight_over, in either arm where known: requests that crossed --max-p95 in this window and have no answer yet, each counted once

{\"reset\":true} begins a new release and has no answer. verdict is continue, wait, promote or rollback, and a rollback
stays until the next reset. log_e is the natural logarithm of the evidence: a rollback needs ln(1/alpha). A line that
makes no sense is answered with {\"error\":...,\"line\":...} and left out, and the exit code is then 2.

Examples:
  handover monitor judge < last-year.jsonl | grep -c rollback
  handover monitor judge --analysis threshold --max-error-rate 2% < last-year.jsonl"
)]
pub(crate) struct Judge {
    /// By what
    #[arg(long, value_enum, default_value_t = AnalysisName::Sequential)]
    pub(crate) analysis: AnalysisName,
    /// Share of requests that may fail
    #[arg(long, value_name = "SHARE", default_value = "5%")]
    pub(crate) max_error_rate: Rate,
    /// The candidate's 95th percentile
    #[arg(long, value_name = "TIME", default_value = "500ms")]
    pub(crate) max_p95: Period,
    /// The candidate's 95th percentile as a multiple of stable's
    #[arg(long, value_name = "FACTOR", default_value = "2")]
    pub(crate) max_p95_ratio: Ratio,
    /// Candidate requests before it is called healthy; with thresholds, before any rule speaks
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) min_requests: u64,
    /// Sequential: how many of all harmless releases may be taken back, at most
    #[arg(long, value_name = "SHARE", default_value = "1%")]
    pub(crate) alpha: Rate,
    /// Sequential: how many times worse than stable counts at all
    #[arg(long, value_name = "FACTOR", default_value = "1.2")]
    pub(crate) min_effect: Ratio,
    /// Sequential: share of failures that must be proven not to be reached before it says promote
    #[arg(long, value_name = "SHARE", default_value = "1%")]
    pub(crate) promote_error_rate: Rate,
    /// Sequential: failures that come together, as one client's retries do, and count as one
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) error_cluster: Ratio,
    /// Sequential: clients stick to a release, so its share of the requests is not the split
    #[arg(long)]
    pub(crate) sticky: bool,
    /// Sequential: what is done about which finding, from a file; its limits stand in place of --max-error-rate and --max-p95-ratio
    #[arg(long, value_name = "FILE")]
    pub(crate) matrix: Option<PathBuf>,
}

/// How windows are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnalysisName {
    /// Evidence, right at any moment
    Sequential,
    /// Plain limits with minimum counts
    Threshold,
}

/// `handover monitor dashboard`.
#[derive(Debug, Args)]
#[command(after_help = "The service's name and the limits are those of handover.toml, where there is one.

Both read what the edge exports: set `[agent] metrics = \"127.0.0.1:9464\"` in handover.toml and restart the agent.
grafana: Prometheus must read http://127.0.0.1:9464/metrics in a job named after the service.
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
