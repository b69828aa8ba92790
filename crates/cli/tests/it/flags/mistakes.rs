//! What is mistyped, and servers that are not there.

use handover_testing::{Redis, free_port};
use tempfile::tempdir;

use super::{Place, filters};
use crate::handover::run;

#[test]
fn without_a_place_both_ways_to_say_one_are_named() {
    let dir = tempdir().unwrap();
    let (code, out, err) = run(dir.path(), &["flags", "list"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err, @"");
}

#[test]
fn a_place_of_no_kind_is_refused_without_being_repeated() {
    let said =
        ["redsi://ann:hunter2@host/0", "ann:hunter2@host", "file:", "env:x", "redis://:hunter2@host:port/"]
            .map(|store| {
                let (code, out, err) = Place::at(store).flags(&["list"]);
                assert_eq!((code, out.as_str()), (2, ""), "{store}");
                assert!(!err.contains("hunter2"), "{err}");
                err
            });
    insta::assert_snapshot!(said.join("---\n"), @"");
}

#[test]
fn a_server_that_is_not_there_is_said_at_once_and_nothing_changes() {
    let _filters = filters();
    let place = Place::at(&format!("redis://127.0.0.1:{}/", free_port()));
    for args in [&["list"][..], &["get", "x"], &["kill", "x", "--reason", "r"], &["audit"], &["stale"]] {
        let (code, out, _) = place.flags(args);
        assert_eq!((code, out.as_str()), (3, ""), "{args:?}");
    }
    insta::assert_snapshot!(place.flags(&["kill", "x", "--reason", "r"]).2, @"");
}

#[test]
fn the_place_may_be_in_the_environment() {
    let Some(redis) = Redis::start() else { return };
    let dir = tempdir().unwrap();
    let mut command = crate::handover::handover(dir.path());
    let output = command.env("HANDOVER_FLAGS_STORE", redis.url()).args(["flags", "list"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_verbs_are_completed() {
    let dir = tempdir().unwrap();
    let (_, out, _) = run(dir.path(), &["completions", "bash"]);
    for verb in [
        "list", "get", "enable", "disable", "kill", "rules", "remove", "watch", "audit", "stale", "import",
        "accept",
    ] {
        assert!(out.contains(&format!("handover__subcmd__flags__subcmd__{verb}")), "{verb}");
    }
}
