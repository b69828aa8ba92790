//! Names and values that mean no good.

use handover_testing::Redis;

use super::Place;

/// What no terminal may be sent.
fn odd(c: char) -> bool {
    (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c)
}

#[test]
fn nothing_in_a_store_can_drive_the_terminal() {
    let Some(redis) = Redis::start() else { return };
    let place = Place::of(&redis);
    let name = "ev\u{202e}il";
    for (key, value) in [
        ("feature:ev\u{202e}il", "\u{1b}[2J\u{1b}]0;owned\u{7}\r\n"),
        ("feature-rules:ev\u{202e}il", "{\"\u{1b}[31m\": \"\u{9b}2J\u{202e}\"}"),
        (
            "feature-rules:two",
            r#"{"rules":[{"name":"\u001b[2J","when":[{"field":"\u001b[31m","op":"in","value":"\u009b\u202e"}],"segments":["\u001bx"]}],"variants":[{"name":"\u001b[0m","weight":1}]}"#,
        ),
        ("feature-segment:ev\u{202e}il", "\u{1b}[2J"),
        ("feature:a\u{1b}[2Jb", "true"),
    ] {
        redis.command(&["SET", key, value]);
    }
    place.ann(&["disable", name, "--reason", "\u{1b}[2J\u{202e}"]);
    redis.command(&["SET", "feature:ev\u{202e}il", "\u{1b}[2J"]);
    let all = [
        &["list"][..],
        &["get", name],
        &["get", name, "--for", "\u{1b}[2J=\u{202e}"],
        &["get", "two", "--for", "user=1"],
        &["rules", "two"],
        &["rules", name],
        &["audit"],
        &["stale"],
        &["kill", name, "--reason", "\u{1b}", "--dry-run"],
        &["get", "\u{1b}[2J"],
        &["enable", "ev\u{202e}li"],
        &["watch", "--json", "-n", "1", "\u{1b}"],
    ];
    for args in all {
        let (code, out, err) = place.flags(args);
        assert!((0..=4).contains(&code) && code != 1, "{args:?}: {code}");
        assert!(!out.contains(odd) && !err.contains(odd), "{args:?}: {out:?} {err:?}");
    }
    // What is shown of rules can be given back as it is.
    std::fs::write(place.dir.path().join("two.json"), place.look(&["rules", "two"])).unwrap();
    let again = place.ann(&["rules", "two", "--set", "two.json", "--json"]);
    let again: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["rules"]["rules"][0]["when"][0]["values"][0], "\u{9b}\u{202e}", "{again}");
    assert!(place.look(&["list"]).contains(r"ev\u{202e}il  MALFORMED"), "{}", place.look(&["list"]));
}

#[test]
fn a_value_of_a_megabyte_is_no_page_of_text() {
    let Some(redis) = Redis::start() else { return };
    let place = Place::of(&redis);
    redis.command(&["SET", "feature:x", &"y".repeat(1 << 20)]);
    redis.command(&["SET", "feature:z", &"y".repeat(1 << 17)]);
    for args in [&["list"][..], &["get", "x"], &["get", "z"], &["list", "--json"]] {
        let out = place.look(args);
        assert!(out.len() < 4_000, "{args:?}: {} bytes", out.len());
    }
    assert!(place.look(&["get", "x"]).starts_with("x  UNREADABLE"));
}
