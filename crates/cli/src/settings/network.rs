use std::path::PathBuf;
use std::time::Duration;

use handover_core::ServiceName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Listen, Name, Period, Size, Sticky, WebAddress};

/// Which service this is, and where its users reach it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    /// Lower-case letters, digits and `-`; names the state folder and the systemd unit.
    pub(crate) name: ServiceName,
    /// Address and port where users arrive, such as "0.0.0.0:8080". Needed unless a platform has the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) listen: Option<Listen>,
    /// Where its users reach it from outside, such as `https://shop.example.com/`; by default `listen` on this machine.
    /// Who answers there is what proves that traffic has moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) public: Option<WebAddress>,
    /// The headers in which an answer names its release or its slot, most trusted first. Only for a backend other than
    /// "edge", which sees to it itself.
    #[serde(default = "release_headers")]
    pub(crate) release_headers: Vec<Name>,
    /// Where handover keeps its state for this service, relative to this file. By default
    /// `/var/lib/handover/<name>` for root and `~/.local/state/handover/<name>` for everybody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) state_dir: Option<PathBuf>,
}

impl Service {
    /// Where users arrive on this machine. Where a platform has the address nobody asks.
    pub(crate) fn listen(&self) -> Listen {
        self.listen.unwrap_or(Listen::LOOPBACK)
    }
}

fn release_headers() -> Vec<Name> {
    vec![Name::fixed("handover-slot"), Name::fixed("handover-release")]
}

/// How requests are passed on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Edge {
    /// Keeps a user on one release while weights move: "none", "cookie", or "header:NAME" to go by a request header.
    pub(crate) sticky: Sticky,
    /// Names the release in every answer (`handover-release`), not only in answers to probes.
    pub(crate) release_header: bool,
    /// Writes a JSON object per request to `access.log` in the state folder.
    pub(crate) access_log: bool,
    /// A request body above this is refused with 413, such as "10MB". Unlimited by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body_limit: Option<Size>,
    /// Believes `X-Forwarded-Host` and `X-Forwarded-Proto` of the client: only behind a proxy of your own.
    pub(crate) trust_forwarded: bool,
    /// How long connecting to a release may take; then 504.
    pub(crate) connect_timeout: Period,
    /// From the end of a request to the beginning of its answer; then 504.
    pub(crate) response_timeout: Period,
    /// How long a body may stall, in either direction, before the request is given up.
    pub(crate) body_timeout: Period,
    /// A user's connection without a request for this long is closed.
    pub(crate) idle_timeout: Period,
}

impl Default for Edge {
    fn default() -> Self {
        Self {
            sticky: Sticky::None,
            release_header: false,
            access_log: false,
            body_limit: None,
            trust_forwarded: false,
            connect_timeout: Period::new(Duration::from_secs(2)),
            response_timeout: Period::new(Duration::from_mins(1)),
            body_timeout: Period::new(Duration::from_mins(1)),
            idle_timeout: Period::new(Duration::from_secs(75)),
        }
    }
}

/// The long-lived process that holds traffic, releases and lease.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Agent {
    /// A deployment whose driver is silent for this long loses its lease, and its traffic goes back. From 3s to 5m.
    pub(crate) lease_ttl: Period,
    /// Where `GET /metrics` is answered for a Prometheus, such as "127.0.0.1:9464". Nowhere by default. Taken up when the
    /// agent starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metrics: Option<Listen>,
}

impl Default for Agent {
    fn default() -> Self {
        Self { lease_ttl: Period::new(Duration::from_secs(15)), metrics: None }
    }
}
