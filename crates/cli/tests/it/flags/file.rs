//! Flags in a file.

use std::fs;

use super::{Place, filters};

#[test]
fn a_file_is_made_and_changed_and_its_audit_is_read() {
    let (place, _filters) = (Place::file(), filters());
    insta::assert_snapshot!(place.look(&["list"]).replace(&place.dir.path().display().to_string(), "DIR"), @"");
    place.ann(&["enable", "x", "--create", "--reason", "launch"]);
    insta::assert_snapshot!(place.ann(&["rules", "x", "--percentage", "10", "--stickiness", "userId"]), @"");
    insta::assert_snapshot!(place.ann(&["kill", "x", "--reason", "incident"]), @"");
    insta::assert_snapshot!(place.look(&["list"]), @"");
    insta::assert_snapshot!(place.look(&["audit"]), @"");
    insta::assert_snapshot!(place.look(&["stale"]), @"");
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
    insta::assert_snapshot!(place.flags(&["disable", "x", "--for", "10m"]).2, @"");
    assert!(place.look(&["get", "x"]).starts_with("x  on"));
}

#[test]
fn a_file_that_is_damaged_is_not_taken_for_an_empty_one() {
    let (place, _filters) = (Place::file(), filters());
    fs::write(place.dir.path().join("flags.json"), "{\"flags\": {\"x\": ").unwrap();
    for args in [&["list"][..], &["enable", "x", "--create"]] {
        assert_eq!(place.flags(args).0, 3, "{args:?}");
    }
    insta::assert_snapshot!(place.flags(&["list"]).2, @"");
}
