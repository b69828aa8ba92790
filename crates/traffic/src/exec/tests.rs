//! The shapes in Rust are those of the published schema, and what is understood is what the schema allows.

use std::fmt::Write as _;
use std::time::Duration;

use handover_core::{Fence, OpId, Slot, Timestamp};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::wire::{self, Call, Claims, Sight};
use crate::{
    Capabilities, Change, DrainSupport, Drained, Expected, InMemory, Observed, Revision, Route, Split,
    TrafficSwitcher, Weights,
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");

fn published(name: &str) -> Validator {
    let text = std::fs::read_to_string(format!("{FOLDER}/exec.schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    schema["$ref"] = json!(format!("#/$defs/{name}"));
    jsonschema::validator_for(&schema).unwrap()
}

fn fits(name: &str, value: &Value) {
    let wrong: Vec<String> = published(name).iter_errors(value).map(|e| e.to_string()).collect();
    assert!(wrong.is_empty(), "{value} is no {name}: {wrong:?}");
}

fn changes() -> Vec<Change> {
    let held = Route::hold(Split::ALL_GREEN, Timestamp::from_unix_millis(1_790_000_000_000));
    let (op, fence) = (OpId::new("shift"), Fence::new(3));
    let planned = Change { route: Route::serve(Split::ALL_BLUE), expected: Expected::Any, op, fence };
    let guarded = Change { route: held, expected: Expected::Revision(Revision::new(4)), ..planned.clone() };
    vec![planned, guarded]
}

#[test]
fn each_request_is_one_line_that_fits_the_schema() {
    let changes = changes();
    let mut calls = vec![Call::Capabilities, Call::Observe];
    calls.extend(changes.iter().map(|change| Call::Apply { change }));
    calls.push(Call::Drain { slot: Slot::Blue, limit: Duration::from_millis(1_500) });
    let lines: Vec<String> =
        calls.iter().map(|call| String::from_utf8(wire::request(call).unwrap()).unwrap()).collect();
    for line in &lines {
        fits("request", &serde_json::from_str(line).unwrap());
    }
    insta::assert_snapshot!(lines.concat(), @r#"
    {"handover":1,"call":"capabilities"}
    {"handover":1,"call":"observe"}
    {"handover":1,"call":"apply","change":{"route":{"split":0,"mode":"serve"},"expected":"any","op":"shift","fence":3}}
    {"handover":1,"call":"apply","change":{"route":{"split":10000,"mode":"hold","until":1790000000000},"expected":{"revision":4},"op":"shift","fence":3}}
    {"handover":1,"call":"drain","slot":"blue","limit":{"secs":1,"nanos":500000000}}
    "#);
}

#[tokio::test]
async fn what_the_traits_own_shapes_write_is_an_answer() {
    let seen = InMemory::new().observe().await.unwrap();
    let bare = Observed { last_op: None, fence: None, in_flight: None, served: None, ..seen.clone() };
    for seen in [seen, bare] {
        let answer = json!({"ok": seen});
        fits("answer_to_observe", &answer);
        let read = wire::answer::<Sight>(answer.to_string().as_bytes()).unwrap();
        assert_eq!(Observed::from(read.ok().unwrap()), seen);
    }
    let waited = Duration::from_millis(3);
    let timed_out = Drained::TimedOut { requests: 1, streams: 2, upgrades: 3 };
    for drained in [Drained::Clean { waited }, Drained::Assumed { waited }, timed_out] {
        fits("answer_to_drain", &json!({"ok": drained}));
    }
}

#[test]
fn every_claim_is_an_answer_and_is_understood() {
    let timed = DrainSupport::Timed { bound: Duration::from_secs(1) };
    let staged = Capabilities::new(Weights::Stages { shares: vec![500, 5_000] }).with_drain(timed);
    let least = Capabilities::new(Weights::AllOrNothing).with_sticky().with_pin().with_kept_state();
    let admits =
        least.clone().with_keepalive_resets().with_killed_upgrades().with_early_acks().with_old_stopped();
    for can in [InMemory::everything(), staged, least, admits] {
        let answer = json!({"handover": 1, "ok": can});
        fits("answer_to_capabilities", &answer);
        let read = wire::answer::<Claims>(answer.to_string().as_bytes()).unwrap();
        assert_eq!(Capabilities::from(read.ok().unwrap()), can);
    }
}

#[test]
fn each_kind_of_error_is_an_answer_and_is_understood() {
    let errors = [
        json!({"kind": "conflict", "expected": 4, "found": 5}),
        json!({"kind": "fenced", "seen": 3}),
        json!({"kind": "unsupported", "message": "whole tenths only"}),
        json!({"kind": "elsewhere", "found": "a third release"}),
        json!({"kind": "refused"}),
        json!({"kind": "throttled", "after": {"secs": 30, "nanos": 0}}),
        json!({"kind": "unreachable", "message": null}),
        json!({"kind": "unconfirmed", "message": "it hung up", "more": "is tolerated"}),
    ];
    for error in errors {
        let answer = json!({"error": error});
        fits("answer_to_apply", &answer);
        assert!(matches!(wire::answer::<Sight>(answer.to_string().as_bytes()), Ok(Err(_))), "{answer}");
    }
}

#[test]
fn what_is_no_answer_is_neither_understood_nor_in_the_schema() {
    let route = json!({"split": 0, "mode": "serve"});
    let nonsense = [
        json!({"handover": 2, "ok": {"route": route}}),
        json!({"ok": {"route": route}, "error": {"kind": "refused"}}),
        json!({"ok": {"route": {"split": 10_001, "mode": "serve"}}}),
        json!({"ok": {"revision": 3}}),
        json!({"error": {"kind": "tired"}}),
        json!({"error": {"kind": "fenced"}}),
        json!({}),
        json!("ok"),
    ];
    let schema = published("answer_to_observe");
    let mut why = String::new();
    for answer in nonsense {
        assert!(!schema.is_valid(&answer), "{answer}");
        let said = wire::answer::<Sight>(answer.to_string().as_bytes()).unwrap_err();
        writeln!(why, "{answer}\n  {said}").unwrap();
    }
    insta::assert_snapshot!(why, @r#"
    {"handover":2,"ok":{"route":{"mode":"serve","split":0}}}
      it answered in version 2 of the protocol, not 1
    {"error":{"kind":"refused"},"ok":{"route":{"mode":"serve","split":0}}}
      its answer has not one of `ok` and `error`
    {"ok":{"route":{"mode":"serve","split":10001}}}
      its answer is not understood: 10001 basis points is more than the whole (10000)
    {"ok":{"revision":3}}
      its answer is not understood: missing field `route`
    {"error":{"kind":"tired"}}
      its answer is not understood: unknown variant `tired`, expected one of `conflict`, `fenced`, `unsupported`, `elsewhere`, `refused`, `throttled`, `unreachable`, `unconfirmed`
    {"error":{"kind":"fenced"}}
      its answer is not understood: missing field `seen`
    {}
      its answer has not one of `ok` and `error`
    "ok"
      its answer is not understood: invalid type: string "ok", expected struct Version
    "#);
}

#[test]
fn the_protocols_page_shows_what_fits_the_schema() {
    let page = std::fs::read_to_string(format!("{FOLDER}/exec.md")).unwrap();
    let blocks = page.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let lines: Vec<Value> =
        blocks.flat_map(str::lines).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 8);
    for line in lines {
        fits(if line.get("call").is_some() { "request" } else { "answer" }, &line);
    }
}
