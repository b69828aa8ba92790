//! Flags in a file.

use std::fs;

use super::{Place, filters};

#[test]
fn a_file_is_made_and_changed_and_its_audit_is_read() {
    let (place, _filters) = (Place::file(), filters());
    insta::assert_snapshot!(place.look(&["list"]).replace(&place.dir.path().display().to_string(), "DIR"), @"there is no flag in the file DIR/flags.json");
    place.ann(&["enable", "x", "--create", "--reason", "launch"]);
    insta::assert_snapshot!(place.ann(&["rules", "x", "--percentage", "10", "--stickiness", "userId"]), @"
    changed the rules of x: none → 10 % by userId
    rule 1: 10 % by userId
    ");
    insta::assert_snapshot!(place.ann(&["kill", "x", "--reason", "incident"]), @"
    killed x
    it was on; revision 3
    nothing confirms it: this store does not keep who has taken up what
    ");
    insta::assert_snapshot!(place.look(&["list"]), @"
    FLAG  VALUE  RULES           CHANGED               BY
    x     off    10 % by userId  DATE  ann: incident
    ");
    insta::assert_snapshot!(place.look(&["audit"]), @"
    WHEN                  WHAT     CHANGE                 BY   WHY       RUN
    DATE  x        on → off               ann  incident  -
    DATE  x rules  none → 10 % by userId  ann  -         -
    DATE  x        not set → on           ann  launch    -
    ");
    insta::assert_snapshot!(place.look(&["stale"]), @"NOT KNOWN: which flags are used: this store does not keep it");
}

#[test]
fn what_a_file_cannot_is_refused_before_anything_is_changed() {
    let (place, _filters) = (Place::file(), filters());
    place.ann(&["enable", "x", "--create"]);
    for (args, why) in [
        (&["disable", "x", "--for", "10m"][..], "forget a value by itself"),
        (&["disable", "x", "--wait"], "tell who has taken up a change"),
        (&["kill", "x", "--reason", "r", "--wait"], "tell who has taken up a change"),
    ] {
        let (code, out, err) = place.flags(args);
        assert!(code == 3 && out.is_empty() && err.contains(why), "{args:?}: {err}");
    }
    insta::assert_snapshot!(place.flags(&["disable", "x", "--for", "10m"]).2, @"
    error: could not disable the flag
      because: the file DIR/flags.json cannot forget a value by itself after a time

    hint: leave `--for` out, and switch it back by hand
    ");
    assert!(place.look(&["get", "x"]).starts_with("x  on"));
}

#[test]
fn a_file_that_is_damaged_is_not_taken_for_an_empty_one() {
    let (place, _filters) = (Place::file(), filters());
    fs::write(place.dir.path().join("flags.json"), "{\"flags\": {\"x\": ").unwrap();
    for args in [&["list"][..], &["enable", "x", "--create"]] {
        assert_eq!(place.flags(args).0, 3, "{args:?}");
    }
    insta::assert_snapshot!(place.flags(&["list"]).2, @"
    error: could not list the flags
      because: the file DIR/flags.json does not hold flags that can be read
      because: line 1, column 16: EOF while parsing a value
    ");
}
