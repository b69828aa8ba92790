use serde::Serialize;

use super::strategy::json;
use super::time::iso;
use crate::{FlowReport, FlowStep, ProbeError};

#[derive(Serialize)]
struct Body {
    status: &'static str,
    tests: Vec<Test>,
    timestamp: String,
}

#[derive(Serialize)]
struct Test {
    name: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
}

/// The keys and words that the strategy's smoke tests answer with.
pub(crate) fn smoke(report: &FlowReport) -> Vec<u8> {
    let status = if report.passed() { "smoke_test_passed" } else { "smoke_test_failed" };
    json(&Body { status, tests: report.steps.iter().map(test).collect(), timestamp: iso(report.at) })
}

fn test(step: &FlowStep) -> Test {
    let error = step.end.as_ref().err().map(ProbeError::class);
    let status = if error.is_none() { "pass" } else { "fail" };
    Test { name: step.name, status, error: error.map(crate::ProbeClass::as_str) }
}
