//! Looking at flags in Redis.

use handover_testing::Redis;

use super::{Place, filters};

const HALF: &str = r#"{"rules":[{"name":"first half","percentage":50,"stickiness":"userId"}],"variants":[{"name":"a","weight":1},{"name":"b","weight":3}],"requires":[{"flag":"scan_creation"}]}"#;
const PAYING: &str = r#"{"rules":[{"segments":["paying"]}]}"#;
const SEGMENT: &str = r#"{"when":[{"field":"plan","op":"in","values":["pro","team"]}]}"#;

/// Flags that were set past handover, and two changes that were not.
fn shop(redis: &Redis) -> Place {
    let place = Place::of(redis);
    for (key, text) in [
        ("feature:new_checkout", "true"),
        ("feature-rules:new_checkout", HALF),
        ("feature:for_paying", "true"),
        ("feature-rules:for_paying", PAYING),
        ("feature-segment:paying", SEGMENT),
        ("feature:shouted", "TRUE"),
    ] {
        redis.command(&["SET", key, text]);
    }
    redis.command(&["RPUSH", "feature:a_list", "true"]);
    place.ann(&["enable", "scan_creation", "--create", "--reason", "launch"]);
    place.ann(&["disable", "scan_creation", "--reason", "incident 4711"]);
    place.ann(&["enable", "scan_creation"]);
    place
}

#[test]
fn the_list_says_what_is_on_for_whom_and_what_is_wrong() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (shop(&redis), filters());
    insta::assert_snapshot!(place.look(&["list"]), @"");
    insta::assert_snapshot!(place.look(&["list", "--json"]), @"");
}

#[test]
fn an_empty_store_says_so() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    insta::assert_snapshot!(place.look(&["list"]), @"");
    insta::assert_snapshot!(place.look(&["audit"]), @"");
    insta::assert_snapshot!(place.look(&["stale"]), @"");
    let (code, out, err) = place.flags(&["get", "scan_creation"]);
    assert_eq!((code, out.as_str()), (3, ""));
    insta::assert_snapshot!(err, @"");
}

#[test]
fn a_flag_is_shown_with_its_rules_its_last_changes_and_who_has_seen_them() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (shop(&redis), filters());
    insta::assert_snapshot!(place.look(&["get", "scan_creation"]), @"");
    insta::assert_snapshot!(place.look(&["get", "new_checkout"]), @"");
    insta::assert_snapshot!(place.look(&["get", "for_paying", "--json"]), @"");
    insta::assert_snapshot!(place.look(&["get", "shouted"]), @"");
    insta::assert_snapshot!(place.look(&["get", "a_list"]), @"");
}

#[test]
fn a_flag_is_evaluated_for_a_caller_with_the_reason() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (shop(&redis), filters());
    let sentence = |args: &[&str]| {
        let out = place.look(&[&["get"], args].concat());
        out.lines().find(|line| line.starts_with("for ")).unwrap().to_owned()
    };
    let said = [
        sentence(&["new_checkout", "--for", "user=42"]),
        sentence(&["new_checkout", "--for", "userId=7"]),
        sentence(&["for_paying", "--for", "plan=pro", "--for", "user=1"]),
        sentence(&["for_paying", "--for", "plan=free"]),
        sentence(&["scan_creation", "--for", "user=42"]),
        sentence(&["shouted", "--for", "user=42"]),
        sentence(&["a_list", "--for", "user=42"]),
    ];
    insta::assert_snapshot!(said.join("\n"), @"");
    for (bad, why) in [("user", "is no NAME=VALUE"), ("=1", "has no name"), ("time=soon", "is no date")] {
        let (code, _, err) = place.flags(&["get", "scan_creation", "--for", bad]);
        assert!(code == 2 && err.contains(why), "{bad}: {err}");
    }
}

#[test]
fn the_audit_is_newest_first_and_can_be_of_one_flag() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (shop(&redis), filters());
    place.ann(&["rules", "new_checkout", "--percentage", "60", "--reason", "a tenth more"]);
    insta::assert_snapshot!(place.look(&["audit"]), @"");
    insta::assert_snapshot!(place.look(&["audit", "scan_creation", "-n", "1", "--json"]), @"");
}
