//! What the embedded edge calls its metrics; its tests hold them to what it exports.

/// Requests by slot, release and how they ended (`class`).
pub(crate) const REQUESTS: &str = "handover_edge_requests_total";
/// A histogram in seconds by slot and release.
pub(crate) const DURATIONS: &str = "handover_edge_request_duration_seconds";

/// Classes of requests that failed; everything else but [`GIVEN_UP`] was answered.
pub(crate) const FAILED: [&str; 2] = ["5xx", "error"];
/// The class of requests that the client gave up; they say nothing about a release.
pub(crate) const GIVEN_UP: &str = "cancelled";
