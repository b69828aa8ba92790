//! A p95 out of a few buckets, as a server computes it that scrapes them: linear within the bucket.

use std::time::Duration;

/// From the upper edges in seconds and how many samples lie below each, in ascending order.
pub(super) fn p95(edges: impl IntoIterator<Item = (f64, u64)>) -> Option<Duration> {
    let edges: Vec<_> = edges.into_iter().collect();
    let rank = 0.95 * float(edges.last()?.1);
    let at = edges.iter().position(|edge| float(edge.1) >= rank)?;
    let (below, counted) = at.checked_sub(1).map_or((0.0, 0), |before| edges[before]);
    let (edge, until) = edges[at];
    if edge.is_infinite() {
        return Some(Duration::from_secs_f64(below));
    }
    let part = (rank - float(counted)) / float(until - counted);
    Duration::try_from_secs_f64(below + (edge - below) * part).ok()
}

#[expect(clippy::cast_precision_loss, reason = "a count of samples")]
fn float(count: u64) -> f64 {
    count as f64
}
