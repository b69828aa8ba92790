use serde::Serialize;
use serde_json::{Value, json};

use super::pages::Endpoint;
use super::status::shown;
use super::time::{iso, millis};
use super::{strategy, time};
use crate::{CheckReport, LocalReport, ProbeError, Report, Transition};

/// The usual answer, and beside it everything that is known.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    usual: Value,
    state: &'static str,
    service: &'a str,
    version: &'a str,
    details: Vec<Value>,
}

pub(super) fn body(report: &Report, endpoint: Endpoint) -> Vec<u8> {
    let usual = serde_json::from_slice(&strategy::body(report, endpoint)).unwrap_or_default();
    let checks = shown(report, endpoint).iter().map(check);
    let live = report.live.iter().filter(|_| endpoint == Endpoint::Live).map(local);
    strategy::json(&Body {
        usual,
        state: report.state.as_str(),
        service: &report.identity.service,
        version: &report.identity.version,
        details: checks.chain(live).collect(),
    })
}

fn check(check: &CheckReport) -> Value {
    json!({
        "name": &*check.name,
        "status": check.status.as_str(),
        "criticality": check.criticality.as_str(),
        "failing_open": check.failing_open,
        "error": check.class().map(crate::ProbeClass::as_str),
        "detail": check.error.as_ref().map(ProbeError::detail),
        "took_ms": check.took.map(millis),
        "p95_ms": check.lately.p95.map(millis),
        "age_ms": check.age.map(millis),
        "asked": check.asked,
        "measured": check.measured.map(|measured| json!({ "value": measured.value, "unit": measured.unit })),
        "changes": check.lately.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &Transition) -> Value {
    json!({
        "at": iso(change.at),
        "from": change.from.as_str(),
        "to": change.to.as_str(),
        "lasted_ms": time::millis(change.lasted),
        "error": change.class.map(crate::ProbeClass::as_str),
    })
}

fn local(probe: &LocalReport) -> Value {
    let error = probe.error.as_ref();
    json!({
        "name": &*probe.name,
        "status": if error.is_none() { "ok" } else { "error" },
        "error": error.map(|error| error.class().as_str()),
        "detail": error.map(ProbeError::detail),
    })
}
