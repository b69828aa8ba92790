use std::fmt::Write as _;

use super::pages::Endpoint;
use super::status::{is_well, shown};
use crate::{CheckReport, CheckStatus, Report};

/// A line per check and one for the whole, as Kubernetes' own servers answer `?verbose`.
pub(super) fn body(report: &Report, endpoint: Endpoint) -> Vec<u8> {
    let mut text = String::new();
    for check in shown(report, endpoint) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line(check));
    }
    if endpoint == Endpoint::Live {
        for probe in &report.live {
            let _ = match &probe.error {
                None => writeln!(text, "[+]{} ok", probe.name),
                Some(error) => writeln!(text, "[-]{} failed: {}", probe.name, error.class().as_str()),
            };
        }
    }
    let _ = writeln!(text, "{}", conclusion(report, endpoint));
    text.into_bytes()
}

fn line(check: &CheckReport) -> String {
    let (mark, goes_on) = match (check.status, check.blocks()) {
        (CheckStatus::Ok, _) => ('+', ""),
        (_, true) => ('-', ""),
        (_, false) => ('!', ", traffic goes on"),
    };
    let class = check.class().map_or(String::new(), |class| format!(": {}", class.as_str()));
    match check.status {
        // A bad answer that does not yet count against it.
        CheckStatus::Ok => format!("[{mark}]{} ok{}", check.name, class.replace(": ", ", last answer: ")),
        CheckStatus::Error => format!("[{mark}]{} failed{goes_on}{class}", check.name),
        CheckStatus::Unknown => format!("[{mark}]{} unknown{goes_on}{class}", check.name),
    }
}

fn conclusion(report: &Report, endpoint: Endpoint) -> String {
    let well = is_well(report, endpoint);
    match endpoint {
        Endpoint::Health => format!("ok: {} {}", report.identity.service, report.identity.version),
        Endpoint::Ready if well => report.state.to_string(),
        Endpoint::Ready => format!("not ready: {}", report.state),
        Endpoint::Live => if well { "alive" } else { "dead" }.to_owned(),
        Endpoint::Startup => if well { "started" } else { "starting" }.to_owned(),
    }
}
