use std::num::NonZeroU32;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Period, Status, UrlPath, WebAddress};

/// How a process is asked whether it may have traffic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Health {
    /// The path asked; any 2xx or 3xx means ready.
    pub(crate) path: UrlPath,
    /// From one probe to the next.
    pub(crate) interval: Period,
    /// For one probe.
    pub(crate) timeout: Period,
    /// Good probes in a row until a process counts as ready.
    pub(crate) rise: NonZeroU32,
    /// Bad probes in a row until it no longer does; an answer of 503 counts at once.
    pub(crate) fall: NonZeroU32,
    /// How long a new release may take until every process is ready.
    pub(crate) start_limit: Period,
    /// Addresses at which the service is asked from outside while a release is judged, as often as `interval` says. When
    /// too many of them lose it after the switch, the release is taken back. What is asked carries the header that tells
    /// probes from users' requests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) views: Vec<WebAddress>,
    /// How many of `views` may not lose it; more than half by default. Of two that is both, so one alone takes a release
    /// back: name three, or need one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) views_needed: Option<NonZeroU32>,
}

impl Health {
    /// How many of the views may not lose the service.
    pub(crate) fn needed(&self) -> usize {
        let majority = self.views.len() / 2 + 1;
        self.views_needed.map_or(majority, |needed| usize::try_from(needed.get()).unwrap_or(usize::MAX))
    }
}

impl Default for Health {
    fn default() -> Self {
        Self {
            path: UrlPath::root(),
            interval: Period::new(Duration::from_secs(1)),
            timeout: Period::new(Duration::from_secs(2)),
            rise: NonZeroU32::MIN,
            fall: NonZeroU32::MIN.saturating_add(2),
            start_limit: Period::new(Duration::from_mins(1)),
            views: Vec::new(),
            views_needed: None,
        }
    }
}

/// A request that a new release must answer as expected before it gets a user's request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Smoke {
    /// The path asked.
    pub(crate) path: UrlPath,
    /// How it is asked; POST, without a body, for a smoke test that the service runs on itself.
    #[serde(default, skip_serializing_if = "Method::is_get")]
    pub(crate) method: Method,
    /// The status expected.
    #[serde(default = "ok")]
    #[schemars(range(min = 200, max = 599))]
    pub(crate) expect: Status,
    /// For messages; the path by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// For the whole request.
    #[serde(default = "timeout")]
    pub(crate) timeout: Period,
}

/// How a smoke test asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Method {
    #[default]
    Get,
    Post,
}

impl Method {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_get(&self) -> bool {
        *self == Self::Get
    }
}

impl Smoke {
    /// What messages call it.
    pub(crate) fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(self.path.as_str())
    }
}

fn ok() -> Status {
    Status::OK
}

fn timeout() -> Period {
    Period::new(Duration::from_secs(5))
}
