//! draft-inadarei-api-health-check-06, `application/health+json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::pages::Endpoint;
use super::status::{is_well, shown};
use super::strategy::json;
use super::time::{iso, millis};
use crate::{CheckReport, CheckStatus, LocalReport, Report, State};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    status: &'static str,
    version: &'a str,
    service_id: &'a str,
    /// What is going on, where that is not all well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    checks: BTreeMap<String, [Component; 1]>,
}

#[derive(Serialize)]
struct Component {
    #[serde(rename = "componentType")]
    kind: &'static str,
    #[serde(flatten)]
    observed: Option<Observed>,
    status: &'static str,
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Observed {
    observed_value: f64,
    observed_unit: &'static str,
}

pub(super) fn body(report: &Report, endpoint: Endpoint) -> Vec<u8> {
    let status = overall(report, endpoint);
    json(&Body {
        status,
        version: &report.identity.version,
        service_id: &report.identity.service,
        notes: notes(report, endpoint, status),
        output: output(report, endpoint, status),
        checks: components(report, endpoint),
    })
}

fn overall(report: &Report, endpoint: Endpoint) -> &'static str {
    match (is_well(report, endpoint), endpoint) {
        (false, _) => "fail",
        (true, Endpoint::Ready) if report.state == State::Degraded => "warn",
        (true, _) => "pass",
    }
}

fn notes(report: &Report, endpoint: Endpoint, status: &str) -> Vec<&'static str> {
    let told = endpoint == Endpoint::Ready && status != "pass";
    told.then(|| report.state.as_str()).into_iter().collect()
}

/// Names and classes of what is not well; a check that passes adds nothing.
fn output(report: &Report, endpoint: Endpoint, status: &str) -> Option<String> {
    if status == "pass" {
        return None;
    }
    let checks = shown(report, endpoint).iter().filter(|check| check.status != CheckStatus::Ok);
    let checks = checks.map(|check| format!("{}: {}", check.name, failure(check)));
    let live = report.live.iter().filter(|_| endpoint == Endpoint::Live);
    let live =
        live.filter_map(|probe| Some(format!("{}: {}", probe.name, probe.error.as_ref()?.class().as_str())));
    let said: Vec<_> = checks.chain(live).collect();
    Some(if said.is_empty() { report.state.to_string() } else { said.join(", ") })
}

fn failure(check: &CheckReport) -> &'static str {
    check.class().map_or(check.status.as_str(), |class| class.as_str())
}

fn components(report: &Report, endpoint: Endpoint) -> BTreeMap<String, [Component; 1]> {
    let checks = shown(report, endpoint).iter().map(|check| of_check(report, check));
    let live = report.live.iter().filter(|_| endpoint == Endpoint::Live).map(|probe| of_local(report, probe));
    checks.chain(live).chain([uptime(report)]).map(|(name, component)| (name, [component])).collect()
}

fn uptime(report: &Report) -> (String, Component) {
    let observed = Observed { observed_value: report.uptime.as_secs_f64().round(), observed_unit: "s" };
    let (status, time) = ("pass", iso(report.at));
    let component = Component { kind: "system", observed: Some(observed), status, time, output: None };
    ("uptime".to_owned(), component)
}

fn of_check(report: &Report, check: &CheckReport) -> (String, Component) {
    let (measurement, observed) = observed(check);
    let status = match check.status {
        CheckStatus::Ok => "pass",
        CheckStatus::Error | CheckStatus::Unknown if check.blocks() => "fail",
        CheckStatus::Error | CheckStatus::Unknown => "warn",
    };
    let output = (status != "pass").then(|| failure(check).to_owned());
    let taken = iso(report.at.earlier(check.age.unwrap_or_default()));
    let component = Component { kind: "component", observed, status, time: taken, output };
    (format!("{}:{measurement}", check.name), component)
}

/// Two of the draft's own measurements.
#[expect(clippy::cast_precision_loss, reason = "a percentage")]
fn observed(check: &CheckReport) -> (&'static str, Option<Observed>) {
    if let Some(measured) = check.measured.filter(|measured| measured.unit == "percent") {
        let observed = Observed { observed_value: measured.value as f64, observed_unit: "percent" };
        return ("utilization", Some(observed));
    }
    let took = check.took.map(|took| Observed { observed_value: millis(took), observed_unit: "ms" });
    ("responseTime", took)
}

fn of_local(report: &Report, probe: &LocalReport) -> (String, Component) {
    let output = probe.error.as_ref().map(|error| error.class().as_str().to_owned());
    let (status, time) = (if output.is_none() { "pass" } else { "fail" }, iso(report.at));
    let component = Component { kind: "component", observed: None, status, time, output };
    (probe.name.to_string(), component)
}
