//! Flags that nobody needs any more.

use std::time::{SystemTime, UNIX_EPOCH};

use handover_testing::Redis;

use super::{Place, filters};

const DAY_MS: u128 = 86_400_000;

fn days_ago(days: u128) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    (now - days * DAY_MS).to_string()
}

#[test]
fn unused_and_missing_flags_are_found_and_what_is_not_known_is_said() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    for flag in ["busy", "forgotten", "never"] {
        redis.command(&["SET", &format!("feature:{flag}"), "true"]);
    }
    // As processes say it that run handover-flags.
    for (field, days) in [
        ("declared:busy", 1),
        ("declared:forgotten", 60),
        ("evaluated:forgotten", 45),
        ("declared:absent", 0),
    ] {
        redis.command(&["HSET", "feature-usage", field, &days_ago(days)]);
    }
    insta::assert_snapshot!(place.look(&["stale"]), @"
    no process has declared or read these for 30 days:
    FLAG       LAST USED
    forgotten  DATE
    never      never

    processes declare these, and the store has nothing for them: each has its safe value:
    FLAG
    absent

    NOT KNOWN: how old the value of 3 flags is: the audit does not go back 30 days
    ");
    insta::assert_snapshot!(place.look(&["stale", "--days", "50"]), @"
    no process has declared or read these for 50 days:
    FLAG   LAST USED
    never  never

    processes declare these, and the store has nothing for them: each has its safe value:
    FLAG
    absent

    NOT KNOWN: how old the value of 3 flags is: the audit does not go back 50 days
    ");
    assert!(place.look(&["stale", "--json"]).contains(r#""missing":["absent"]"#));
}
