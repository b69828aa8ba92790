use serde_json::Value;

use super::body::{Body, Parts};
use super::{CheckReading, Said, tidy};
use crate::page::Format;

/// What is said of each part, and how many there are beyond those that are read.
pub(super) fn of(body: &Body, format: Format) -> (Vec<CheckReading>, usize) {
    let read = match format {
        Format::HealthJson => of_component,
        Format::MicroProfile => of_procedure,
        Format::Strategy | Format::Text | Format::Details => of_strategy,
    };
    let parts = [&body.checks, &body.tests];
    let found = parts.iter().flat_map(|parts| &parts.found);
    let checks = found.filter_map(|(name, value)| read(name.as_deref(), value)).collect();
    (checks, parts.iter().map(|Parts { left_out, .. }| left_out).sum())
}

fn check(name: &str, said: Said, class: Option<&str>) -> CheckReading {
    CheckReading { name: tidy(name), said, class: class.map(tidy).filter(|class| !class.is_empty()) }
}

/// `"database": "ok"`, or of a smoke test `{"name": …, "status": "pass"}`.
fn of_strategy(name: Option<&str>, value: &Value) -> Option<CheckReading> {
    let name = name.or_else(|| value["name"].as_str())?;
    let said = match value.as_str().or_else(|| value["status"].as_str())? {
        "ok" | "pass" => Said::Well,
        "error" | "fail" => Said::Unwell,
        _ => Said::Unknown,
    };
    Some(check(name, said, value["error"].as_str()))
}

/// `"database:responseTime": [{"status": "pass"}, …]`, one per node; the worst counts. Of the system itself only what is
/// not well is a check: the rest, such as `uptime`, is measured.
fn of_component(name: Option<&str>, value: &Value) -> Option<CheckReading> {
    let measured = |node: &&Value| node["componentType"] == "system" && of_node(node) == Said::Well;
    let nodes = value.as_array()?.iter().filter(|node| !measured(node));
    let nodes = nodes.map(|node| (of_node(node), node["output"].as_str()));
    let (said, output) = nodes.max_by_key(|(said, _)| badness(*said))?;
    let name = name?.split(':').next().unwrap_or_default();
    Some(check(name, said, output))
}

/// Without a status a component is only measured.
fn of_node(node: &Value) -> Said {
    match node["status"].as_str() {
        None | Some("pass" | "ok" | "up") => Said::Well,
        Some("warn") => Said::Degraded,
        Some("fail" | "error" | "down") => Said::Unwell,
        Some(_) => Said::Unknown,
    }
}

const fn badness(said: Said) -> u8 {
    match said {
        Said::Well => 0,
        Said::Degraded => 1,
        Said::Starting | Said::Unknown => 2,
        Said::Unwell => 3,
    }
}

/// `{"name": "database", "status": "UP", "data": {…}}`; of what is up all the same, this crate's `data` says how it is.
fn of_procedure(_: Option<&str>, value: &Value) -> Option<CheckReading> {
    let data = &value["data"];
    let state = data["state"].as_str().unwrap_or_default();
    let said = match value["status"].as_str()? {
        "UP" if matches!(state, "error" | "unknown" | "degraded") => Said::Degraded,
        "UP" => Said::Well,
        "DOWN" if state == "starting" => Said::Starting,
        "DOWN" => Said::Unwell,
        _ => Said::Unknown,
    };
    let class = data["error"].as_str().or(Some(state).filter(|_| said != Said::Well));
    Some(check(value["name"].as_str()?, said, class))
}

#[cfg(test)]
mod tests {
    use super::super::Reading;

    #[test]
    fn what_is_measured_of_the_system_is_no_check() {
        let body = br#"{"status":"warn","checks":{
            "uptime":[{"componentType":"system","observedValue":90061.0,"status":"pass"}],
            "memory:utilization":[{"componentType":"system","observedValue":7}],
            "cpu:utilization":[{"componentType":"system","status":"pass"},{"componentType":"system","status":"warn"}],
            "database:responseTime":[{"componentType":"datastore","status":"pass"}]}}"#;
        let reading = Reading::parse(None, body).unwrap();
        let names: Vec<_> = reading.checks.iter().map(|check| (&*check.name, check.said.as_str())).collect();
        assert_eq!(names, [("cpu", "degraded"), ("database", "well")]);
    }
}
