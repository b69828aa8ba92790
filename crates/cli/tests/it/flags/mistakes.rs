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
    insta::assert_snapshot!(err, @r#"
    error: could not find the flags
      because: nothing says where they are

    hint: `--store redis://HOST:6379/0` says it for this once, `store = "…"` or `store_env = "REDIS_URL"` in `[flags]` of handover.toml for ever
    "#);
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
    insta::assert_snapshot!(said.join("---\n"), @"
    error: could not find the flags
      because: `redsi:` is no kind of store

    hint: did you mean `redis:`?
    ---
    error: could not find the flags
      because: `ann:` is no kind of store

    hint: there are redis://HOST:6379/0, rediss://HOST:6379/0, file:PATH and env:
    ---
    error: could not find the flags
      because: `file:` names no file

    hint: there are redis://HOST:6379/0, rediss://HOST:6379/0, file:PATH and env:
    ---
    error: could not find the flags
      because: `env:` stands alone

    hint: there are redis://HOST:6379/0, rediss://HOST:6379/0, file:PATH and env:
    ---
    error: could not find the flags
      because: the address is not one such as `redis://:password@host:6379/0`
    ");
}

#[test]
fn a_server_that_is_not_there_is_said_at_once_and_nothing_changes() {
    let _filters = filters();
    let place = Place::at(&format!("redis://127.0.0.1:{}/", free_port()));
    for args in [&["list"][..], &["get", "x"], &["kill", "x", "--reason", "r"], &["audit"], &["stale"]] {
        let (code, out, _) = place.flags(args);
        assert_eq!((code, out.as_str()), (3, ""), "{args:?}");
    }
    insta::assert_snapshot!(place.flags(&["kill", "x", "--reason", "r"]).2, @"
    error: could not kill the flag
      because: redis://HOST/0 could not be reached
      because: Connection refused (os error 111)

    hint: services keep the last values they knew
    ");
}

#[test]
fn the_place_may_be_in_the_environment() {
    let Some(redis) = Redis::start() else { return };
    let dir = tempdir().unwrap();
    let mut command = crate::handover::handover(dir.path());
    let output = command.env("HANDOVER_FLAGS_STORE", redis.url()).args(["flags", "list"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}

/// A folder with settings that say this of flags.
fn settings(flags: &str) -> tempfile::TempDir {
    let dir = tempdir().unwrap();
    let text = format!(
        "[service]\nname = \"shop\"\nlisten = \"0.0.0.0:8080\"\n[release]\nartifact = \"dist\"\ncommand = \"./server\"\n{flags}"
    );
    std::fs::write(dir.path().join("handover.toml"), text).unwrap();
    dir
}

#[test]
fn the_place_may_be_in_the_settings_and_what_is_typed_goes_before() {
    let _filters = filters();
    let dir = settings("[flags]\nstore = \"file:flags.json\"\n");
    std::fs::create_dir(dir.path().join("below")).unwrap();
    let below = dir.path().join("below");
    assert_eq!(run(&below, &["flags", "enable", "x", "--create"]).0, 0);
    assert!(dir.path().join("flags.json").is_file());
    let (_, out, _) = run(&below, &["flags", "list", "--store", "file:other.json"]);
    assert!(out.contains("there is no flag in the file "), "{out}");
    let variable = settings("[flags]\nstore_env = \"SHOP_FLAGS\"\n");
    let (code, _, err) = run(variable.path(), &["flags", "list"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"
    error: could not find the flags
      because: SHOP_FLAGS is not set in the environment, and is to hold their address

    hint: set SHOP_FLAGS, for the agent too where there is one, or name a file: `store_file` under `[flags]`
    ");
    let mistaken = settings("[flags]\nstroe = 1\n");
    assert_eq!(run(mistaken.path(), &["flags", "list"]).0, 2);
    assert_eq!(run(mistaken.path(), &["flags", "list", "--store", "env:"]).0, 0);
    let none = settings("");
    assert!(run(none.path(), &["flags", "list"]).2.contains("nothing says where they are"));
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
