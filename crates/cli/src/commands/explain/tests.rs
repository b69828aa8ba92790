use handover_runbook::{Body, Ending, Order, StepName};
use serde_json::json;

use super::tale::Tale;
use crate::commands::fixtures::{plan, records};

fn sealed() -> Body {
    Body::Sealed { plan: plan().seal().unwrap() }
}

fn verdict() -> serde_json::Value {
    json!({
        "action": "rollback", "metric": "error_rate", "reason": "20.1 % of the candidate's requests failed, above 5 %",
        "evidence": {
            "candidate_n": 402, "candidate_errors": 81, "stable_n": 3600, "stable_errors": 2,
            "candidate_p95": 0.031, "stable_p95": 0.03, "limit": 0.05, "attributed": true,
        },
    })
}

fn intent(step: &str) -> Body {
    let (want, seen) = (json!({ "green_bps": 1000 }), json!({ "green_bps": 0 }));
    Body::Intent { step: StepName::new(step), op: handover_core::OpId::new("op"), want, seen }
}

fn told(bodies: Vec<Body>) -> String {
    Tale::of(&records(bodies)).unwrap().to_string()
}

#[test]
fn a_release_that_was_taken_back_is_explained_with_its_numbers() {
    let why = "20.1 % of the candidate's requests failed, above 5 %".to_owned();
    let tale = told(vec![
        sealed(),
        Body::Leased { holder: "driver".into() },
        intent("shift-10"),
        Body::Verified { step: StepName::new("shift-10"), proof: json!({}) },
        Body::Turned { why: why.clone(), evidence: verdict() },
        Body::Ended { ending: Ending::TurnedBack { why } },
    ]);
    insta::assert_snapshot!(tale, @"
    run 20261123-011244-abcd: release v42, over v41, planned by ann@host
    rolled back at 2026-11-23 01:12:51Z, after 7.5s

    why
      20.1 % of the candidate's requests failed, above 5 %

    evidence
      the candidate answered 402 requests, 81 of them with an error (20.1 %), p95 31ms
      stable answered 3,600 requests, 2 of them with an error (0.1 %), p95 30ms
      the limit is 5 % of the requests failing
      81 users' requests were harmed until then

    timeline, from the start of the run
      +0ms                      release v42 in green, over v41, planned by ann@host
      +4.5s    shift-10         10 % of the traffic to the candidate
      +6.0s                     going back: 20.1 % of the candidate's requests failed, above 5 %
      +7.5s                     back where it was
    ");
}

#[test]
fn a_release_that_never_started_is_explained_with_its_last_lines() {
    let why = "release v42 never became ready: it exited at once with code 1".to_owned();
    let log = json!({ "cause": "it exited at once with code 1", "log": ["Traceback:", "\u{1b}]0;owned\u{7}KeyError"] });
    let tale = told(vec![
        sealed(),
        Body::Turned { why: why.clone(), evidence: log },
        Body::Ended { ending: Ending::TurnedBack { why } },
    ]);
    insta::assert_snapshot!(tale, @r"
    run 20261123-011244-abcd: release v42, over v41, planned by ann@host
    refused at 2026-11-23 01:12:47Z, after 3.0s

    why
      release v42 never became ready: it exited at once with code 1

    the release's log, at its end
      Traceback:
      \u{1b}]0;owned\u{7}KeyError

    timeline, from the start of the run
      +0ms                      release v42 in green, over v41, planned by ann@host
      +1.5s                     going back: release v42 never became ready: it exited at once with code 1
      +3.0s                     back where it was
    ");
}

#[test]
fn a_promoted_release_is_explained_by_what_let_it_pass() {
    let mut passed = verdict();
    passed["action"] = "continue".into();
    let tale = told(vec![
        sealed(),
        Body::Proceeded {
            step: StepName::new("judge-10"),
            evidence: json!({ "verdict": passed, "stage_seconds": 300.0 }),
        },
        Body::Ended { ending: Ending::Done },
    ]);
    insta::assert_snapshot!(tale, @"
    run 20261123-011244-abcd: release v42, over v41, planned by ann@host
    promoted at 2026-11-23 01:12:47Z, after 3.0s

    evidence
      the candidate answered 402 requests, 81 of them with an error (20.1 %), p95 31ms
      stable answered 3,600 requests, 2 of them with an error (0.1 %), p95 30ms
      the limit is 5 % of the requests failing
      the stage had lasted 5m

    timeline, from the start of the run
      +0ms                      release v42 in green, over v41, planned by ann@host
      +1.5s    judge-10         20.1 % of the candidate's requests failed, above 5 %
      +3.0s                     done
    ");
}

#[test]
fn a_run_that_waits_says_for_what() {
    let ask = json!({ "ask": "10m passed at 10 % without proof: too few requests" });
    let asked = told(vec![sealed(), Body::Noted { step: StepName::new("judge-10"), note: ask }]);
    insta::assert_snapshot!(asked, @"
    run 20261123-011244-abcd: release v42, over v41, planned by ann@host
    began 2026-11-23 01:12:44Z and waits for a person: 10m passed at 10 % without proof: too few requests

    timeline, from the start of the run
      +0ms                      release v42 in green, over v41, planned by ann@host
      +1.5s    judge-10         waiting for a person: 10m passed at 10 % without proof: too few requests
    ");
    let order = Body::Ordered { number: 1, order: Order::Pause, by: "ann\u{202e}".into() };
    let paused = told(vec![sealed(), order]);
    insta::assert_snapshot!(paused, @r"
    run 20261123-011244-abcd: release v42, over v41, planned by ann@host
    began 2026-11-23 01:12:44Z and is paused

    timeline, from the start of the run
      +0ms                      release v42 in green, over v41, planned by ann@host
      +1.5s                     ann\u{202e} ordered: pause
    ");
}

#[test]
fn strange_records_are_told_as_far_as_they_go() {
    let strange = told(vec![
        Body::Sealed { plan: json!({ "format": 99 }) },
        Body::Turned { why: String::new(), evidence: json!([1, { "verdict": [] }]) },
    ]);
    insta::assert_snapshot!(strange, @r#"
    run 20261123-011244-abcd of a plan that cannot be read
    began 2026-11-23 01:12:44Z and has not ended

    evidence
      [1,{"verdict":[]}]

    timeline, from the start of the run
      +0ms                      the plan has format 99, this version knows up to 1
      +1.5s                     going back:
    "#);
    let headless = told(vec![Body::Ended { ending: Ending::Stuck { why: "nothing answers".into() } }]);
    insta::assert_snapshot!(headless, @"
    run 20261123-011244-abcd of a plan that cannot be read
    stuck at 2026-11-23 01:12:44Z, after 0ms

    why
      nothing answers

    timeline, from the start of the run
      +0ms                      stuck: nothing answers
    ");
    assert!(Tale::of(&[]).is_none());
}
