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
    insta::assert_snapshot!(place.ann(&[&IMPORT[..], &["--dry-run"]].concat()), @"");
    assert_eq!(redis.command(&["DBSIZE"]), ":0");
    place.ann(&IMPORT);
    insta::assert_snapshot!(place.look(&["list"]), @"");
    insta::assert_snapshot!(place.look(&["audit", "checkout"]), @"");
    // Written again there is nothing to write.
    insta::assert_snapshot!(place.ann(&[&IMPORT[..], &["--json"]].concat()), @"");
}

#[test]
fn what_is_there_and_says_something_else_is_not_overwritten_unasked() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (place(&redis), filters());
    redis.command(&["SET", "feature:checkout", "false"]);
    let (code, out, err) = place.flags(&IMPORT);
    assert_eq!((code, out.as_str()), (3, ""));
    insta::assert_snapshot!(err, @"");
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
    insta::assert_snapshot!(err, @"");
    assert_eq!(place.flags(&["import", "unleash", "missing.json"]).0, 2);
}
