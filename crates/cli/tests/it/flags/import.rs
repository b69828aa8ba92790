//! Flags of another system.

use std::fs;

use handover_testing::Redis;

use super::{Place, filters};

const STATE: &str = r#"{"version": 2,
  "features": [
    {"name": "checkout", "enabled": true, "strategies": [{"name": "flexibleRollout", "segments": [7],
      "parameters": {"rollout": "25", "stickiness": "userId", "groupId": "checkout"}}]},
    {"name": "plain", "enabled": false, "strategies": [{"name": "default"}]},
    {"name": "odd", "enabled": true, "strategies": [{"name": "ourOwnStrategy"}]},
    {"name": "bad\u001b[2J", "enabled": true}
  ],
  "segments": [{"id": 7, "name": "paying", "constraints": [{"contextName": "plan", "operator": "IN", "values": ["pro"]}]}]}"#;

fn place(redis: &Redis) -> Place {
    let place = Place::of(redis);
    fs::write(place.dir.path().join("state.json"), STATE).unwrap();
    place
}

const IMPORT: [&str; 3] = ["import", "unleash", "state.json"];

#[test]
fn flags_of_unleash_are_brought_over_with_what_cannot_be_said() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (place(&redis), filters());
    insta::assert_snapshot!(place.ann(&[&IMPORT[..], &["--dry-run"]].concat()), @r#"
    would import 3 flags, 2 of them on, and 1 segment: 6 keys to write, 1 already as they should be
      segment paying: not there → plan in pro
      checkout rules: none → 25 % by userId if segment paying
      odd rules: none → 0 %
      checkout: not set → on
      odd: not set → on
      plain: not set → off
    NOTE: odd: strategy "ourOwnStrategy" admits nobody: it is one of your own
    NOTE: left out: `bad\u{1b}[2J` is no name of a flag: it holds control characters
    "#);
    assert_eq!(redis.command(&["DBSIZE"]), ":0");
    place.ann(&IMPORT);
    insta::assert_snapshot!(place.look(&["list"]), @"
    FLAG      VALUE  RULES                             CHANGED               BY
    checkout  on     25 % by userId if segment paying  DATE  ann: imported from Unleash
    odd       on     0 %                               DATE  ann: imported from Unleash
    plain     off    -                                 DATE  ann: imported from Unleash

    segments: paying
    ");
    insta::assert_snapshot!(place.look(&["audit", "checkout"]), @"
    WHEN                  WHAT            CHANGE                                   BY   WHY                    RUN
    DATE  checkout        not set → on                             ann  imported from Unleash  -
    DATE  checkout rules  none → 25 % by userId if segment paying  ann  imported from Unleash  -
    ");
    // Written again there is nothing to write.
    insta::assert_snapshot!(place.ann(&[&IMPORT[..], &["--json"]].concat()), @r#"{"version":1,"dry_run":false,"flags":3,"on":2,"segments":1,"unchanged":7,"changes":[],"notes":["odd: strategy \"ourOwnStrategy\" admits nobody: it is one of your own","left out: `bad\\u{1b}[2J` is no name of a flag: it holds control characters"]}"#);
}

#[test]
fn what_is_there_and_says_something_else_is_not_overwritten_unasked() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (place(&redis), filters());
    redis.command(&["SET", "feature:checkout", "false"]);
    let (code, out, err) = place.flags(&IMPORT);
    assert_eq!((code, out.as_str()), (3, ""));
    insta::assert_snapshot!(err, @"
    error: could not import the flags
      because: checkout: off → on

    hint: nothing changed; `--force` overwrites what is there
    ");
    assert_eq!(redis.command(&["EXISTS", "feature:plain"]), ":0");
    place.ann(&[&IMPORT[..], &["--force"]].concat());
    assert_eq!(redis.command(&["GET", "feature:checkout"]), "true");
}

#[test]
fn what_is_no_state_is_refused() {
    let (place, _filters) = (Place::file(), filters());
    fs::write(place.dir.path().join("no.json"), "[]").unwrap();
    let (code, _, err) = place.flags(&["import", "unleash", "no.json"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"
    error: could not import the flags
      because: invalid length 0, expected struct State with 3 elements at line 1 column 2
    ");
    assert_eq!(place.flags(&["import", "unleash", "missing.json"]).0, 2);
}
