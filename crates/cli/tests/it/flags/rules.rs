//! Whom a flag is on for.

use std::fs;

use handover_testing::Redis;

use super::{Place, filters};

fn shop(redis: &Redis) -> Place {
    redis.command(&["SET", "feature:x", "true"]);
    Place::of(redis)
}

#[test]
fn a_share_is_set_and_kept_beside_everything_else() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (shop(&redis), filters());
    insta::assert_snapshot!(place.look(&["rules", "x"]), @"no rules: on is on for everybody");
    let tenth = ["rules", "x", "--percentage", "12.5", "--stickiness", "userId", "--reason", "first tenth"];
    insta::assert_snapshot!(place.ann(&tenth), @"
    changed the rules of x: none → 12.5 % by userId
    rule 1: 12.5 % by userId
    ");
    insta::assert_snapshot!(place.look(&["rules", "x"]), @r#"
    {
      "rules": [
        {
          "percentage": 12.5,
          "stickiness": "userId"
        }
      ]
    }
    "#);
    let written = r#"{"rules":[{"percentage":1,"segments":["staff"],"group":"g"}],"variants":[{"name":"a","weight":1}]}"#;
    redis.command(&["SET", "feature-rules:x", written]);
    insta::assert_snapshot!(place.ann(&["rules", "x", "--percentage", "2.5", "--json"]), @r#"{"version":1,"flag":"x","dry_run":false,"rules":{"rules":[{"segments":["staff"],"percentage":2.5,"group":"g"}],"variants":[{"name":"a","weight":1}]},"before":{"text":"{\"rules\":[{\"percentage\":1,\"segments\":[\"staff\"],\"group\":\"g\"}],\"variants\":[{\"name\":\"a\",\"weight\":1}]}"},"revision":2,"changed":true}"#);
    insta::assert_snapshot!(place.ann(&["rules", "x", "--remove"]), @"changed the rules of x: 2.5 % if segment staff, 1 variant → none");
    assert_eq!(redis.command(&["EXISTS", "feature-rules:x"]), ":0");
}

#[test]
fn a_document_is_checked_before_it_is_written() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (shop(&redis), filters());
    let file = place.dir.path().join("rules.json");
    for bad in [
        r#"{"rules":[{"percentage":120}]}"#,
        r#"{"ruels":[]}"#,
        "nonsense",
        r#"{"rules":[{"when":[{"field":"a","op":"regex","value":"("}]}]}"#,
    ] {
        fs::write(&file, bad).unwrap();
        let (code, out, _) = place.flags(&["rules", "x", "--set", "rules.json"]);
        assert_eq!((code, out.as_str()), (2, ""), "{bad}");
    }
    fs::write(&file, r#"{"rules":[{"percentage":120}]}"#).unwrap();
    insta::assert_snapshot!(place.flags(&["rules", "x", "--set", "rules.json"]).2, @"
    error: could not change the rules
      because: 120 is not a percentage from 0 to 100 at line 1 column 28
    ");
    assert_eq!(redis.command(&["EXISTS", "feature-rules:x"]), ":0");
    fs::write(&file, r#"{"rules":[{"percentage":20},{"segments":["staff"]}],"requires":[{"flag":"y"}]}"#)
        .unwrap();
    insta::assert_snapshot!(place.ann(&["rules", "x", "--set", "rules.json", "--dry-run"]), @"
    would change the rules of x: none → 2 rules, requires y
    rule 1: 20 %
    rule 2: if segment staff
    requires: y
    ");
    assert_eq!(redis.command(&["EXISTS", "feature-rules:x"]), ":0");
    place.ann(&["rules", "x", "--set", "rules.json"]);
    let (code, _, err) = place.flags(&["rules", "x", "--percentage", "5"]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(err, @"
    error: could not change the rules
      because: there are 2 rules, and it is not clear whose share is meant

    hint: `--set FILE` writes the rules as a whole
    ");
    for bad in ["101", "-1", "0.00001", "NaN"] {
        let percentage = format!("--percentage={bad}");
        assert_eq!(place.flags(&["rules", "x", &percentage]).0, 2, "{bad}");
    }
}

#[test]
fn rules_of_a_gate_that_is_not_open_are_warned_about() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    let (code, ..) = place.flags(&["rules", "y", "--percentage", "5"]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(place.ann(&["rules", "y", "--percentage", "5", "--create"]), @"
    changed the rules of y: none → 5 %
    rule 1: 5 %
    its gate is not on: `handover flags enable 'y'` opens it
    ");
    insta::assert_snapshot!(place.look(&["get", "y", "--for", "user=1"]), @"
    y  not set: each process has the safe value that it declares

    rule 1: 5 %

    for userId=1: the safe value that each process declares: the gate is not set

    WHEN                  WHAT     CHANGE      BY   WHY  RUN
    DATE  y rules  none → 5 %  ann  -    -

    no process has said that it listens
    ");
}
