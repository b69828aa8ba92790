use std::fmt;
use std::time::Duration;

use handover_core::{BySlot, ServiceName, Slot};

use crate::edge_names::{DURATIONS, FAILED, GIVEN_UP, REQUESTS};

/// Which Prometheus to ask, and what.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PrometheusOptions {
    /// Its address, such as `http://127.0.0.1:9090`, with the path it is served under.
    pub url: String,
    /// What to ask for each slot.
    pub queries: BySlot<SlotQueries>,
    /// How often to ask; 5 s by default. Less than the scrape interval finds nothing new.
    pub step: Duration,
    /// How long an answer may take; 10 s by default.
    pub timeout: Duration,
    /// How old the newest count of a slot may be; 1 min by default. Prometheus itself answers with counts up to five
    /// minutes old.
    pub max_age: Duration,
    /// How far its clock and this machine's may be apart; 30 s by default.
    pub max_skew: Duration,
    /// Sent as a bearer token, where it asks for one.
    pub token: Option<Token>,
}

/// What to ask Prometheus for one slot. Each query must give counters, one series for each instance at least, never a
/// rate or a sum: differences and restarts are seen to here, series by series.
///
/// A query that gives no series says nothing, and nothing is no data, also for errors: many programs export a failed
/// request's series only from the first failure on. Where that is so, say that none means zero:
///
/// ```text
/// http_requests_total{slot="green",code=~"5.."} or http_requests_total{slot="green"} * 0
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotQueries {
    /// Completed requests; without those that the client gave up, if they can be told.
    pub requests: String,
    /// Failed requests among them: 5xx, connection or transport error, timeout; no 4xx.
    pub errors: String,
    /// The buckets of a classic histogram of their durations in seconds, with the label `le`.
    pub buckets: String,
}

/// A secret; it does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl PrometheusOptions {
    /// With the default times.
    pub fn new(url: impl Into<String>, queries: BySlot<SlotQueries>) -> Self {
        Self {
            url: url.into(),
            queries,
            step: Duration::from_secs(5),
            timeout: Duration::from_secs(10),
            max_age: Duration::from_mins(1),
            max_skew: Duration::from_secs(30),
            token: None,
        }
    }

    /// Asks this often.
    #[must_use]
    pub const fn with_step(mut self, step: Duration) -> Self {
        self.step = step;
        self
    }

    /// Waits so long for an answer.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Takes counts of this age.
    #[must_use]
    pub const fn with_max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// Sends this bearer token.
    #[must_use]
    pub fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(Token(token.into()));
        self
    }
}

impl SlotQueries {
    /// What the embedded edge exports about a slot, scraped in a job named after the service.
    pub fn of_edge(service: &ServiceName, slot: Slot) -> Self {
        let of = |metric: &str, more: &str| format!("{metric}{{job=\"{service}\",slot=\"{slot}\"{more}}}");
        Self {
            requests: of(REQUESTS, &format!(",class!=\"{GIVEN_UP}\"")),
            errors: of(REQUESTS, &format!(",class=~\"{}\"", FAILED.join("|"))),
            buckets: of(&format!("{DURATIONS}_bucket"), ""),
        }
    }
}

impl Token {
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_queries_leave_out_who_gave_up_and_count_no_4xx_as_failed() {
        let queries = SlotQueries::of_edge(&"shop".parse().expect("a name"), Slot::Green);
        let all = [queries.requests, queries.errors, queries.buckets].join("\n");
        insta::assert_snapshot!(all, @r#"
        handover_edge_requests_total{job="shop",slot="green",class!="cancelled"}
        handover_edge_requests_total{job="shop",slot="green",class=~"5xx|error"}
        handover_edge_request_duration_seconds_bucket{job="shop",slot="green"}
        "#);
    }
}
