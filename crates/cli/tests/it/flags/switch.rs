//! Switching flags in Redis.

use handover_testing::{Redis, until};

use super::{Place, filters};

#[test]
fn a_flag_is_switched_and_it_is_said_what_it_was() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    insta::assert_snapshot!(place.ann(&["enable", "x", "--create"]), @"
    enabled x
    it was not set; revision 1
    ");
    assert_eq!(redis.command(&["GET", "feature:x"]), "true");
    insta::assert_snapshot!(place.ann(&["disable", "x", "--reason", "too slow", "--json"]), @r#"{"version":1,"flag":"x","on":false,"dry_run":false,"before":{"text":"true"},"revision":2,"read_back":false,"lapses_after_ms":null,"confirmation":null}"#);
    assert_eq!(redis.command(&["GET", "feature:x"]), "false");
    insta::assert_snapshot!(place.ann(&["disable", "x"]), @"
    disabled x
    it was off; revision 3
    ");
    insta::assert_snapshot!(place.ann(&["kill", "x", "--no-wait", "--reason", "incident"]), @"
    killed x
    it was off; revision 4
    ");
}

#[test]
fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:x", "true"]);
    insta::assert_snapshot!(place.ann(&["kill", "x", "--reason", "r", "--dry-run"]), @"would kill x: it is on");
    insta::assert_snapshot!(place.ann(&["disable", "x", "--for", "10m", "--dry-run"]), @"
    would disable x: it is on
    after 10m the store forgets it, and each process has the safe value that it declares; `on`, which was there before, does not come back
    ");
    insta::assert_snapshot!(place.ann(&["remove", "x", "--reason", "r", "--dry-run"]), @"
    would remove x
    its gate: on
    each process has the safe value that it declares from now on
    ");
    insta::assert_snapshot!(place.ann(&["accept", "--reason", "r", "--dry-run"]), @"would tell every process that what redis://HOST/0 has, 1 flag, is all that is meant");
    assert_eq!(redis.command(&["GET", "feature:x"]), "true");
    insta::assert_snapshot!(place.look(&["audit"]), @"no change is written down in redis://HOST/0");
}

#[test]
fn a_mistyped_name_is_not_taken_for_a_kill() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:scan_creation", "true"]);
    for verb in [&["enable", "scan_craetion"][..], &["kill", "scan_craetion", "--reason", "incident"]] {
        let (code, out, _) = place.flags(verb);
        assert_eq!((code, out.as_str()), (3, ""), "{verb:?}");
        assert_eq!(redis.command(&["EXISTS", "feature:scan_craetion"]), ":0");
    }
    insta::assert_snapshot!(place.flags(&["kill", "scan_craetion", "--reason", "incident"]).2, @"
    error: could not kill the flag
      because: there is no flag `scan_craetion` in redis://HOST/0
      because: no process says that it uses it
      because: nothing changed; `--create` makes it all the same

    hint: did you mean `scan_creation`?
    ");
    let (_, out, _) = place.flags(&["kill", "scan_craetion", "--reason", "incident", "--json"]);
    insta::assert_snapshot!(out, @r#"{"version":1,"error":{"attempted":"could not kill the flag","causes":["there is no flag `scan_craetion` in redis://HOST/0","no process says that it uses it","nothing changed; `--create` makes it all the same"],"hint":"did you mean `scan_creation`?"},"exit":3}"#);
    place.ann(&["kill", "scan_craetion", "--reason", "incident", "--create", "--no-wait"]);
    assert_eq!(redis.command(&["GET", "feature:scan_craetion"]), "false");
}

#[test]
fn a_kill_needs_a_reason_that_says_something() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:x", "true"]);
    assert_eq!(place.flags(&["kill", "x"]).0, 2);
    let (code, _, err) = place.flags(&["kill", "x", "--reason", " "]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"
    error: could not kill the flag
      because: the reason is empty

    hint: say in `--reason` what whoever looks at night has to know
    ");
    assert_eq!(redis.command(&["GET", "feature:x"]), "true");
}

#[test]
fn a_timed_switch_lapses_and_what_follows_is_said_before() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:x", "true"]);
    insta::assert_snapshot!(place.ann(&["disable", "x", "--for", "10m", "--reason", "load test"]), @"
    disabled x
    it was on; revision 1
    after 10m the store forgets it, and each process has the safe value that it declares; `on`, which was there before, does not come back
    ");
    let left = redis.command(&["PTTL", "feature:x"]);
    let left: u32 = left.trim_start_matches(':').parse().unwrap();
    assert!((500_000..=600_000).contains(&left), "{left}");
    assert!(place.look(&["audit"]).contains("load test (for 10m)"));
    place.ann(&["enable", "x", "--for", "50ms"]);
    until("the switch lapses", || (redis.command(&["EXISTS", "feature:x"]) == ":0").then_some(()));
}

#[test]
fn who_did_it_is_the_account_at_this_host_if_not_said() {
    let Some(redis) = Redis::start() else { return };
    let place = Place::of(&redis);
    assert_eq!(place.flags(&["enable", "x", "--create"]).0, 0);
    let audit: serde_json::Value = serde_json::from_str(&place.look(&["audit", "--json"])).unwrap();
    let actor = audit["changes"][0]["actor"].as_str().unwrap();
    assert!(!actor.is_empty() && actor != "ann", "{actor}");
}

#[test]
fn a_flag_is_removed_with_its_rules_and_not_found_after() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:old", "true"]);
    redis.command(&["SET", "feature-rules:old", r#"{"rules":[{"percentage":10}]}"#]);
    insta::assert_snapshot!(place.ann(&["remove", "old", "--reason", "gone from the code"]), @"
    removed old
    its gate: on
    its rules: 10 %
    each process has the safe value that it declares from now on
    ");
    let (code, _, err) = place.flags(&["remove", "old", "--reason", "again"]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(err, @"
    error: could not remove the flag
      because: there is no flag `old` in redis://HOST/0

    hint: the store is empty: check `--store`
    ");
    insta::assert_snapshot!(place.look(&["audit"]), @"
    WHEN                  WHAT       CHANGE        BY   WHY                 RUN
    DATE  old rules  10 % → none   ann  gone from the code  -
    DATE  old        on → not set  ann  gone from the code  -
    ");
}

#[test]
fn so_few_flags_are_accepted() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:x", "true"]);
    insta::assert_snapshot!(place.ann(&["accept", "--reason", "the old shop is gone"]), @"what redis://HOST/0 has, 1 flag, is all that is meant: a process that held more takes that up");
    insta::assert_snapshot!(place.ann(&["accept", "--reason", "again", "--json"]), @r#"{"version":1,"store":"redis://HOST/0","dry_run":false,"flags":1}"#);
}
