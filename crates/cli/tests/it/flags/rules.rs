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
    insta::assert_snapshot!(place.look(&["rules", "x"]), @"");
    let tenth = ["rules", "x", "--percentage", "10", "--stickiness", "userId", "--reason", "first tenth"];
    insta::assert_snapshot!(place.ann(&tenth), @"");
    insta::assert_snapshot!(place.look(&["rules", "x"]), @"");
    let written = r#"{"rules":[{"percentage":1,"segments":["staff"],"group":"g"}],"variants":[{"name":"a","weight":1}]}"#;
    redis.command(&["SET", "feature-rules:x", written]);
    insta::assert_snapshot!(place.ann(&["rules", "x", "--percentage", "2.5", "--json"]), @"");
    insta::assert_snapshot!(place.ann(&["rules", "x", "--remove"]), @"");
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
    insta::assert_snapshot!(place.flags(&["rules", "x", "--set", "rules.json"]).2, @"");
    assert_eq!(redis.command(&["EXISTS", "feature-rules:x"]), ":0");
    fs::write(&file, r#"{"rules":[{"percentage":20},{"segments":["staff"]}],"requires":[{"flag":"y"}]}"#)
        .unwrap();
    insta::assert_snapshot!(place.ann(&["rules", "x", "--set", "rules.json", "--dry-run"]), @"");
    assert_eq!(redis.command(&["EXISTS", "feature-rules:x"]), ":0");
    place.ann(&["rules", "x", "--set", "rules.json"]);
    let (code, _, err) = place.flags(&["rules", "x", "--percentage", "5"]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(err, @"");
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
    insta::assert_snapshot!(place.ann(&["rules", "y", "--percentage", "5", "--create"]), @"");
    insta::assert_snapshot!(place.look(&["get", "y", "--for", "user=1"]), @"");
}
