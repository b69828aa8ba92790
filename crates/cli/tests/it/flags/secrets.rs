//! A password is shown by nothing.

use handover_testing::Redis;

use super::{Place, filters};

#[test]
fn a_wrong_password_is_refused_and_not_shown() {
    let Some(redis) = Redis::start_with(&["requirepass s3cret"]) else { return };
    let _filters = filters();
    let place = Place::at(&redis.url().replace("s3cret", "hunter2"));
    for args in [
        &["list"][..],
        &["list", "--json"],
        &["kill", "x", "--reason", "r"],
        &["audit"],
        &["stale"],
        &["enable", "x", "--create"],
    ] {
        let (code, out, err) = place.flags(args);
        assert_eq!(code, 3, "{args:?}: {out}{err}");
        assert!(!out.contains("hunter2") && !err.contains("hunter2"), "{args:?}: {out}{err}");
    }
    insta::assert_snapshot!(place.flags(&["list"]).2, @"
    error: could not list the flags
      because: redis://HOST/0 refused
      because: WRONGPASS invalid username-password pair or user is disabled. (the user or the password in the address is wrong)
    ");
}

#[test]
fn the_right_password_is_shown_by_no_verb() {
    let Some(redis) = Redis::start_with(&["requirepass s3cret"]) else { return };
    let place = Place::of(&redis);
    let all = [
        place.ann(&["enable", "x", "--create"]),
        place.look(&["list"]),
        place.look(&["list", "--json"]),
        place.look(&["get", "x", "--json"]),
        place.look(&["audit", "--json"]),
        place.look(&["stale"]),
        place.flags(&["get", "y"]).2,
    ];
    assert!(!all.concat().contains("s3cret"), "{all:?}");
}
