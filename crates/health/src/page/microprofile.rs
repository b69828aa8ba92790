//! `MicroProfile` Health 4.0, chapter "protocol-wireformat": the whole is UP if every check in the answer is.
//!
//! The format knows nothing between UP and DOWN. A failing check that does not keep traffic away is therefore UP, and
//! says in its `data` what it is.

use serde::Serialize;
use serde_json::{Map, Value};

use super::pages::Endpoint;
use super::strategy::json;
use crate::{CheckReport, CheckStatus, LocalReport, Report, State};

#[derive(Serialize)]
struct Body {
    status: &'static str,
    checks: Vec<Procedure>,
}

#[derive(Serialize)]
struct Procedure {
    name: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    data: Map<String, Value>,
}

const UP: &str = "UP";
const DOWN: &str = "DOWN";

pub(super) fn body(report: &Report, endpoint: Endpoint) -> Vec<u8> {
    let checks = procedures(report, endpoint);
    json(&Body { status: word(all_up(&checks)), checks })
}

pub(super) fn is_up(report: &Report, endpoint: Endpoint) -> bool {
    all_up(&procedures(report, endpoint))
}

fn all_up(checks: &[Procedure]) -> bool {
    checks.iter().all(|check| check.status == UP)
}

fn word(up: bool) -> &'static str {
    if up { UP } else { DOWN }
}

/// `/health` is the sum of the others, as the chapter wants.
fn procedures(report: &Report, endpoint: Endpoint) -> Vec<Procedure> {
    match endpoint {
        Endpoint::Health => {
            let parts = [Endpoint::Live, Endpoint::Ready, Endpoint::Startup];
            parts.iter().flat_map(|part| procedures(report, *part)).collect()
        }
        Endpoint::Ready => {
            [lifecycle("readiness", report, report.state.is_ready() || blocked_by_a_check(report))]
                .into_iter()
                .chain(report.checks.iter().map(of_check))
                .collect()
        }
        Endpoint::Live => report.live.iter().map(of_local).collect(),
        Endpoint::Startup => [lifecycle("startup", report, report.has_started())]
            .into_iter()
            .chain(report.startup.iter().map(of_check))
            .collect(),
    }
}

/// Then the check is down, and its name says more than the state's.
fn blocked_by_a_check(report: &Report) -> bool {
    report.state == State::Unready && report.checks.iter().any(CheckReport::blocks)
}

fn lifecycle(name: &str, report: &Report, up: bool) -> Procedure {
    let data = Map::from_iter([("state".to_owned(), report.state.as_str().into())]);
    Procedure { name: name.to_owned(), status: word(up), data }
}

fn of_check(check: &CheckReport) -> Procedure {
    let mut data = Map::new();
    if check.status != CheckStatus::Ok {
        data.insert("state".to_owned(), check.status.as_str().into());
        data.insert("criticality".to_owned(), check.criticality.as_str().into());
    }
    if let Some(class) = check.class() {
        data.insert("error".to_owned(), class.as_str().into());
    }
    // A check of start-up keeps the process from starting, whatever it is called otherwise.
    Procedure { name: check.name.to_string(), status: word(!check.blocks()), data }
}

fn of_local(probe: &LocalReport) -> Procedure {
    let error = probe.error.as_ref().map(|error| ("error".to_owned(), error.class().as_str().into()));
    let data = error.into_iter().collect();
    Procedure { name: probe.name.to_string(), status: word(probe.error.is_none()), data }
}
