use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Period, Query, WebAddress};

/// A Prometheus whose counters are judged where neither handover's edge nor HAProxy counts. In each query `{release}` stands
/// for a release's name and `{slot}` for its slot; one of them has to be there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prometheus {
    /// Its address, such as `http://127.0.0.1:9090`.
    pub(crate) url: WebAddress,
    /// A counter of completed requests: `http_requests_total{release="{release}"}`. Never a rate or a sum.
    pub(crate) requests: Query,
    /// A counter of the failed ones among them: 5xx and errors, no 4xx.
    pub(crate) errors: Query,
    /// The buckets of a histogram of their durations in seconds, with the label `le`.
    pub(crate) buckets: Query,
    /// How often it is asked; its scrape interval is soon enough.
    #[serde(default = "step")]
    pub(crate) step: Period,
    /// A file with a bearer token for it, relative to this file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token_file: Option<PathBuf>,
}

fn step() -> Period {
    Period::new(Duration::from_secs(5))
}
