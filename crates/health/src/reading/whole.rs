use super::body::Body;
use super::{CheckReading, Said};
use crate::page::Format;

/// What is said of the whole.
pub(super) fn said(body: &Body, format: Format, checks: &[CheckReading]) -> Said {
    let any = |said| checks.iter().any(|check| check.said == said);
    match (format, body.word()) {
        (_, "starting") => Said::Starting,
        (_, "warn") => Said::Degraded,
        (Format::HealthJson, "fail" | "error" | "down") if body.notes("starting") => Said::Starting,
        (Format::MicroProfile, "UP") if any(Said::Degraded) => Said::Degraded,
        (Format::MicroProfile, "DOWN") if any(Said::Starting) => Said::Starting,
        // Nothing is known to be bad, only nothing to be good: nobody has answered yet.
        (Format::Strategy, "not_ready") if any(Said::Unknown) && !any(Said::Unwell) => Said::Starting,
        (_, "not_ready" | "dead" | "smoke_test_failed" | "fail" | "error" | "down" | "DOWN") => Said::Unwell,
        _ if body.is_degraded() => Said::Degraded,
        _ => Said::Well,
    }
}
