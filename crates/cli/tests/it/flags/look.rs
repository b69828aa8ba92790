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
    insta::assert_snapshot!(place.look(&["list"]), @"
    FLAG           VALUE       RULES                                               CHANGED               BY
    a_list         UNREADABLE  -                                                   -                     -
    for_paying     on          if segment paying                                   -                     -
    new_checkout   on          50 % by userId, 2 variants, requires scan_creation  -                     -
    scan_creation  on          -                                                   DATE  ann
    shouted        MALFORMED   -                                                   -                     -

    segments: paying

    WRONG: a_list: its gate: a list, not a string
    WRONG: shouted: its gate: `TRUE` is neither true nor false
    ");
    insta::assert_snapshot!(place.look(&["list", "--json"]), @r#"{"version":1,"store":"redis://HOST/0","revision":3,"flags":[{"flag":"a_list","gate":"unreadable","rules":null,"problems":["its gate: a list, not a string"],"summary":"-","changed":null},{"flag":"for_paying","gate":"on","rules":{"rules":[{"segments":["paying"]}]},"problems":[],"summary":"if segment paying","changed":null},{"flag":"new_checkout","gate":"on","rules":{"rules":[{"name":"first half","percentage":50,"stickiness":"userId"}],"variants":[{"name":"a","weight":1},{"name":"b","weight":3}],"requires":[{"flag":"scan_creation"}]},"problems":[],"summary":"50 % by userId, 2 variants, requires scan_creation","changed":null},{"flag":"scan_creation","gate":"on","rules":null,"problems":[],"summary":"-","changed":{"at_ms":0,"key":"feature:scan_creation","before":{"text":"false"},"after":{"text":"true"},"actor":"ann","revision":3}},{"flag":"shouted","gate":"malformed","rules":null,"problems":["its gate: `TRUE` is neither true nor false"],"summary":"-","changed":null}],"segments":["paying"],"problems":[]}"#);
}

#[test]
fn an_empty_store_says_so() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    insta::assert_snapshot!(place.look(&["list"]), @"there is no flag in redis://HOST/0");
    insta::assert_snapshot!(place.look(&["audit"]), @"no change is written down in redis://HOST/0");
    insta::assert_snapshot!(place.look(&["stale"]), @"NOT KNOWN: which flags are used: no process has said so yet");
    let (code, out, err) = place.flags(&["get", "scan_creation"]);
    assert_eq!((code, out.as_str()), (3, ""));
    insta::assert_snapshot!(err, @"
    error: could not show the flag
      because: there is no flag `scan_creation` in redis://HOST/0

    hint: the store is empty: check `--store`
    ");
}

#[test]
fn a_flag_is_shown_with_its_rules_its_last_changes_and_who_has_seen_them() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (shop(&redis), filters());
    insta::assert_snapshot!(place.look(&["get", "scan_creation"]), @"
    scan_creation  on

    no rules: on is on for everybody

    WHEN                  WHAT           CHANGE        BY   WHY            RUN
    DATE  scan_creation  off → on      ann  -              -
    DATE  scan_creation  on → off      ann  incident 4711  -
    DATE  scan_creation  not set → on  ann  launch         -

    no process has said that it listens
    ");
    insta::assert_snapshot!(place.look(&["get", "new_checkout"]), @"
    new_checkout  on

    rule 1 (first half): 50 % by userId
    variants: a 1 of 4, b 3 of 4
    requires: scan_creation

    no change is written down

    no process has said that it listens
    ");
    insta::assert_snapshot!(place.look(&["get", "for_paying", "--json"]), @r#"{"version":1,"store":"redis://HOST/0","revision":3,"flag":"for_paying","gate":"on","rules":{"rules":[{"segments":["paying"]}]},"problems":[],"summary":"if segment paying","segments":[["paying",{"text":"{\"when\":[{\"field\":\"plan\",\"op\":\"in\",\"values\":[\"pro\",\"team\"]}]}"}]],"evaluated":null,"changes":[],"seen":[]}"#);
    insta::assert_snapshot!(place.look(&["get", "shouted"]), @"
    shouted  MALFORMED: every process has it off
    WRONG: its gate: `TRUE` is neither true nor false

    no rules: on is on for everybody

    no change is written down

    no process has said that it listens
    ");
    insta::assert_snapshot!(place.look(&["get", "a_list"]), @"
    a_list  UNREADABLE: each process has the safe value that it declares
    WRONG: its gate: a list, not a string

    no rules: on is on for everybody

    no change is written down

    no process has said that it listens
    ");
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
    insta::assert_snapshot!(said.join("\n"), @"
    for userId=42: off: no rule lets them in
    for userId=7: on, variant b: rule 1 lets them in
    for plan=pro, userId=1: on: rule 1 lets them in
    for plan=free: off: no rule lets them in
    for userId=42: on: the gate says so, and there are no rules
    for userId=42: off: the gate is neither true nor false
    for userId=42: the safe value that each process declares: the gate cannot be read
    ");
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
    insta::assert_snapshot!(place.look(&["audit"]), @"
    WHEN                  WHAT                CHANGE                                                                                                   BY   WHY            RUN
    DATE  new_checkout rules  50 % by userId, 2 variants, requires scan_creation → 60 % by userId, 2 variants, requires scan_creation  ann  a tenth more   -
    DATE  scan_creation       off → on                                                                                                 ann  -              -
    DATE  scan_creation       on → off                                                                                                 ann  incident 4711  -
    DATE  scan_creation       not set → on                                                                                             ann  launch         -
    ");
    insta::assert_snapshot!(place.look(&["audit", "scan_creation", "-n", "1", "--json"]), @r#"{"version":1,"store":"redis://HOST/0","changes":[{"at_ms":0,"key":"feature:scan_creation","before":{"text":"false"},"after":{"text":"true"},"actor":"ann","revision":3}]}"#);
}
