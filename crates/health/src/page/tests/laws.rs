//! The published rules, each with where it stands: MP is `MicroProfile` Health 4.0, chapter "protocol-wireformat" and
//! appendix B; HJ is draft-inadarei-api-health-check-06.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::samples::{SECRET, any_report};
use crate::page::pages::{Endpoint, Format, Page, Pages};
use crate::{CheckReport, Reading, Report, Said};

const ENDPOINTS: [Endpoint; 4] = [Endpoint::Health, Endpoint::Ready, Endpoint::Live, Endpoint::Startup];
const FORMATS: [Format; 4] = [Format::Strategy, Format::HealthJson, Format::MicroProfile, Format::Text];

fn page(report: &Report, endpoint: Endpoint, format: Format) -> Page {
    Pages::new(report).of(report, endpoint, format).clone()
}

fn object(page: &Page) -> Map<String, Value> {
    serde_json::from_slice(&page.body).unwrap()
}

fn keys(object: &Map<String, Value>) -> Vec<&str> {
    object.keys().map(String::as_str).collect()
}

proptest! {
    #[test]
    fn microprofile_obeys_its_chapter(report in any_report()) {
        for endpoint in ENDPOINTS {
            let page = page(&report, endpoint, Format::MicroProfile);
            let body = object(&page);
            // MP appendix B: `status` and `checks`, and no other member.
            prop_assert_eq!(keys(&body), ["checks", "status"]);
            let checks: Vec<_> = body["checks"].as_array().unwrap().iter().map(|check| check.as_object().unwrap()).collect();
            checks.iter().try_for_each(|check| procedure(check))?;
            // MP: "UP" or "DOWN", by logical conjunction; 200 or 503 with it.
            let up = checks.iter().all(|check| check["status"] == "UP");
            prop_assert_eq!(&body["status"], if up { "UP" } else { "DOWN" });
            prop_assert_eq!(page.status, if up { 200 } else { 503 });
        }
    }

    #[test]
    fn microprofiles_health_is_the_sum_of_the_others(report in any_report()) {
        let of = |endpoint| page(&report, endpoint, Format::MicroProfile).status == 200;
        let all = of(Endpoint::Live) && of(Endpoint::Ready) && of(Endpoint::Startup);
        prop_assert_eq!(of(Endpoint::Health), all);
    }

    #[test]
    fn health_json_obeys_its_draft(report in any_report()) {
        for endpoint in ENDPOINTS {
            let page = page(&report, endpoint, Format::HealthJson);
            // HJ 3: the media type.
            prop_assert_eq!(page.content_type, "application/health+json");
            let body = object(&page);
            // HJ 3: these members and no others.
            let known = ["checks", "notes", "output", "serviceId", "status", "version"];
            prop_assert!(body.keys().all(|key| known.contains(&key.as_str())), "{:?}", keys(&body));
            status_and_output(&body)?;
            // HJ 3.1: pass and warn are 2xx or 3xx, fail is 4xx or 5xx.
            prop_assert_eq!(page.status < 400, body["status"] != "fail");
            // HJ 3.1: a warning should say more in one of the other fields.
            prop_assert!(body["status"] != "warn" || body.contains_key("output"));
            prop_assert!(body.get("notes").is_none_or(|notes| notes.as_array().unwrap().iter().all(Value::is_string)));
            body["checks"].as_object().unwrap().iter().try_for_each(|(key, details)| component(key, details))?;
        }
    }

    #[test]
    fn every_format_says_the_same_of_readiness(report in any_report()) {
        let statuses = FORMATS.map(|format| page(&report, Endpoint::Ready, format).status);
        prop_assert_eq!(statuses, [if report.state.is_ready() { 200 } else { 503 }; 4]);
    }

    #[test]
    fn whoever_reads_a_page_finds_what_its_status_says(report in any_report()) {
        for (endpoint, format) in ENDPOINTS.iter().flat_map(|e| FORMATS[..3].iter().map(move |f| (*e, *f))) {
            let page = page(&report, endpoint, format);
            let reading = Reading::parse(Some(page.content_type), &page.body);
            let reading = reading.ok_or_else(|| TestCaseError::fail(format!("{endpoint:?} {format:?}")))?;
            prop_assert_eq!(reading.format, format);
            let well = matches!(reading.said, Said::Well | Said::Degraded);
            prop_assert_eq!(well, page.status == 200, "{:?}: {:?}", format, reading);
            let mut shown = report.checks.iter().filter(|_| endpoint == Endpoint::Ready);
            prop_assert!(shown.all(|check| reading.checks.iter().any(|read| read.name == *check.name)));
        }
    }

    #[test]
    fn liveness_does_not_know_the_checks(report in any_report(), others in any_report()) {
        let with_others = Report { checks: others.checks, startup: others.startup, state: others.state, ..report.clone() };
        for format in FORMATS {
            prop_assert_eq!(page(&report, Endpoint::Live, format).body, page(&with_others, Endpoint::Live, format).body);
        }
    }

    #[test]
    fn no_public_page_says_what_a_dependency_said(report in any_report()) {
        for (endpoint, format) in ENDPOINTS.iter().flat_map(|e| FORMATS.iter().map(move |f| (*e, *f))) {
            let body = String::from_utf8(page(&report, endpoint, format).body.to_vec()).unwrap();
            let words = SECRET.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 5);
            words.into_iter().try_for_each(|word| { prop_assert!(!body.contains(word), "{word} in {body}"); Ok(()) })?;
        }
    }

    #[test]
    fn a_503_says_when_to_come_again_and_nothing_else_does(report in any_report()) {
        for (endpoint, format) in ENDPOINTS.iter().flat_map(|e| FORMATS.iter().map(move |f| (*e, *f))) {
            let page = page(&report, endpoint, format);
            prop_assert!(page.status == 200 || page.status == 503);
            prop_assert_eq!(page.retry_after.is_some(), page.status == 503);
            prop_assert!(page.retry_after.is_none_or(|seconds| (1..=60).contains(&seconds)));
        }
    }

    #[test]
    fn the_strategys_ready_has_its_keys_and_each_check(report in any_report()) {
        let body = object(&page(&report, Endpoint::Ready, Format::Strategy));
        let degraded = report.state == crate::State::Degraded;
        let wanted: &[&str] = if degraded { &["checks", "degraded", "status", "timestamp"] } else { &["checks", "status", "timestamp"] };
        prop_assert_eq!(keys(&body), wanted);
        let checks = body["checks"].as_object().unwrap();
        prop_assert_eq!(checks.len(), report.checks.len());
        let same = |check: &CheckReport| checks[&*check.name] == check.status.as_str();
        prop_assert!(report.checks.iter().all(same));
    }
}

/// MP appendix B, one item of `checks`.
fn procedure(check: &Map<String, Value>) -> Result<(), TestCaseError> {
    prop_assert!(check["name"].is_string());
    prop_assert!(check["status"] == "UP" || check["status"] == "DOWN");
    let data = check.get("data").and_then(Value::as_object);
    let plain = |value: &Value| value.is_string() || value.is_boolean() || value.is_number();
    prop_assert!(data.is_none_or(|data| data.values().all(plain)));
    Ok(())
}

/// HJ 3.1 and 3.5, of the whole and of a component: `output` should be left out of what passes.
fn status_and_output(object: &Map<String, Value>) -> Result<(), TestCaseError> {
    let status = object["status"].as_str().unwrap();
    prop_assert!(["pass", "warn", "fail"].contains(&status));
    prop_assert_eq!(object.contains_key("output"), status != "pass");
    Ok(())
}

/// HJ 4: a component under its key.
fn component(key: &str, details: &Value) -> Result<(), TestCaseError> {
    // HJ 4: at most two parts, neither with a colon; the second is one of the measurements that the draft names.
    let (_, measurement) = key.split_once(':').unwrap_or(("", ""));
    prop_assert!(
        ["utilization", "responseTime", "connections", "uptime", ""].contains(&measurement),
        "{key}"
    );
    // HJ 4: an array, also of one.
    prop_assert_eq!(details.as_array().unwrap().len(), 1);
    let details = details[0].as_object().unwrap();
    status_and_output(details)?;
    // HJ 4.2: "component", "datastore", "system", or a well-known term.
    prop_assert!(["component", "datastore", "system"].contains(&details["componentType"].as_str().unwrap()));
    // HJ 4.4: a unit should stand with a value.
    prop_assert_eq!(details.contains_key("observedValue"), details.contains_key("observedUnit"));
    // HJ 4.7: ISO 8601.
    prop_assert!(details["time"].as_str().is_some_and(|time| humantime::parse_rfc3339(time).is_ok()));
    Ok(())
}
