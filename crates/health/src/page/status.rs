use super::pages::Endpoint;
use crate::{CheckReport, Report};

/// What a client is told to wait at most.
const LONGEST: u64 = 60;

/// Whether an endpoint answers 200.
pub(super) fn is_well(report: &Report, endpoint: Endpoint) -> bool {
    match endpoint {
        Endpoint::Health => true,
        Endpoint::Ready => report.state.is_ready(),
        Endpoint::Live => report.is_alive(),
        Endpoint::Startup => report.has_started(),
    }
}

/// The checks that an endpoint shows.
pub(super) fn shown(report: &Report, endpoint: Endpoint) -> &[CheckReport] {
    match endpoint {
        Endpoint::Health | Endpoint::Live => &[],
        Endpoint::Ready => &report.checks,
        Endpoint::Startup => &report.startup,
    }
}

/// Seconds until the checks that keep traffic away can be good again: the slowest decides.
pub(super) fn retry_after(report: &Report) -> u64 {
    let blocking = report.checks.iter().chain(&report.startup).filter(|check| check.blocks());
    let longest = blocking.map(|check| check.recovers_in).max().unwrap_or_default();
    longest.as_secs().saturating_add(u64::from(longest.subsec_nanos() > 0)).clamp(1, LONGEST)
}
