//! The verbs that look and that act by hand, where there is little or nothing to look at.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::{TempDir, tempdir};

use crate::handover::run;

/// A folder with settings, and a state folder where `state` says so.
fn service(state: bool) -> TempDir {
    let dir = tempdir().unwrap();
    let settings = "[service]\nname = \"shop\"\nlisten = \"127.0.0.1:0\"\nstate_dir = \"state\"\n\
                    [release]\nartifact = \"dist\"\ncommand = \"./server --port $PORT\"\n";
    fs::write(dir.path().join("handover.toml"), settings).unwrap();
    if state {
        private(&dir.path().join("state"));
    }
    dir
}

fn private(path: &Path) {
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
}

/// Everything that was written beneath the state folder, but for the lock files of a database.
fn files(dir: &TempDir) -> usize {
    fs::read_dir(dir.path().join("state")).map_or(0, Iterator::count)
}

fn refused(dir: &TempDir, args: &[&str]) -> String {
    let (code, out, err) = run(dir.path(), args);
    assert_eq!((code, out.as_str()), (3, ""), "{args:?}: {err}");
    err
}

#[test]
fn without_a_state_folder_every_looking_verb_says_so_and_makes_none() {
    let dir = service(false);
    insta::assert_snapshot!(refused(&dir, &["status"]), @"
    error: could not use the state folder
      because: the state folder DIR/state does not exist

    hint: nothing was deployed from here yet: `handover deploy` makes it, or `--state-dir` names another
    ");
    for verb in
        [&["history"][..], &["log"], &["explain"], &["logs"], &["releases", "list"], &["lease", "show"]]
    {
        assert_eq!(refused(&dir, verb), refused(&dir, &["status"]), "{verb:?}");
    }
    assert!(!dir.path().join("state").exists());
}

#[test]
fn without_an_agent_the_status_says_so_and_what_the_journal_knows() {
    let dir = service(true);
    let (code, out, err) = run(dir.path(), &["status"]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(out, @"
    service  shop
    agent    none runs
    last run none yet
    ");
    insta::assert_snapshot!(err, @"
    error: could not see how things stand
      because: no agent answers at DIR/state/agent.sock
      because: No such file or directory (os error 2)

    hint: `handover agent run` starts one, which finds the releases that still run; `handover doctor` looks further
    ");
    let (code, out, err) = run(dir.path(), &["status", "--json"]);
    assert_eq!((code, err.as_str()), (3, ""));
    let object: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&object["version"], &object["service"], &object["run"]),
        (&1.into(), &"shop".into(), &().into())
    );
}

#[test]
fn verbs_that_need_the_agent_say_how_to_start_it() {
    let dir = service(true);
    insta::assert_snapshot!(refused(&dir, &["traffic", "show"]), @"
    error: could not reach the agent
      because: no agent answers at DIR/state/agent.sock
      because: No such file or directory (os error 2)

    hint: `handover agent run` starts the agent
    ");
    for verb in [
        &["agent", "status"][..],
        &["agent", "stop"],
        &["lease", "show"],
        &["lease", "take-over", "--dry-run"],
        &["traffic", "shift", "--stable"],
        &["traffic", "shift", "--candidate", "10%", "--dry-run"],
        &["traffic", "hold"],
        &["traffic", "unhold"],
        &["traffic", "drain"],
        &["releases", "prune", "--dry-run"],
        &["releases", "restart", "v1"],
    ] {
        assert_eq!(refused(&dir, verb), refused(&dir, &["traffic", "show"]), "{verb:?}");
    }
    insta::assert_snapshot!(refused(&dir, &["traffic", "shift", "--stable", "--now"]), @"
    error: could not move traffic by hand
      because: no agent answers at DIR/state/agent.sock
      because: No such file or directory (os error 2)

    hint: `handover agent run` starts the agent
    ");
    assert_eq!(files(&dir), 0);
}

#[test]
fn an_empty_history_is_an_answer_and_an_unknown_run_is_not() {
    let dir = service(true);
    let (code, out, _) = run(dir.path(), &["history"]);
    assert_eq!((code, out.as_str()), (0, "no run yet\n"));
    let (code, out, _) = run(dir.path(), &["history", "--json"]);
    assert_eq!((code, out.as_str()), (0, "{\"version\":1,\"runs\":[]}\n"));
    insta::assert_snapshot!(refused(&dir, &["explain"]), @"
    error: could not explain a run
      because: there was no run of this service yet

    hint: `handover deploy` begins the first one
    ");
    insta::assert_snapshot!(refused(&dir, &["log", "20261123-011244-abcd"]), @"
    error: could not tell of a run
      because: the journal knows no run 20261123-011244-abcd

    hint: `handover history` lists the runs
    ");
    insta::assert_snapshot!(refused(&dir, &["logs"]), @"
    error: could not show logs
      because: no release has run yet

    hint: `handover deploy` launches one
    ");
    assert_eq!(files(&dir), 0, "looking wrote something");
}

#[test]
fn a_state_folder_that_is_open_or_no_folder_is_refused() {
    let dir = service(true);
    let state = dir.path().join("state");
    fs::write(state.join("agent.json"), "{}").unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o755)).unwrap();
    insta::assert_snapshot!(refused(&dir, &["history"]), @"
    error: could not use the state folder
      because: the state folder DIR/state is open to other users (mode 755)

    hint: `chmod 700 DIR/state`
    ");
    insta::assert_snapshot!(refused(&dir, &["status", "--state-dir", "handover.toml"]), @"
    error: could not use the state folder
      because: DIR/handover.toml is not a folder

    hint: name another folder with `--state-dir DIR`
    ");
}

#[test]
fn a_journal_that_is_no_journal_is_refused_with_a_way_out() {
    let dir = service(true);
    fs::write(dir.path().join("state/journal.db"), "not a database at all, but long enough ".repeat(100))
        .unwrap();
    insta::assert_snapshot!(refused(&dir, &["history"]), @"
    error: could not open the journal
      because: DIR/state/journal.db cannot be read as a journal
      because: it is not a SQLite file

    hint: put a backup in its place, or move it aside with `mv DIR/state/journal.db DIR/state/journal.db.broken`
    ");
}

#[test]
fn with_a_state_folder_named_broken_settings_are_not_in_the_way() {
    let dir = service(true);
    fs::write(dir.path().join("handover.toml"), "[service").unwrap();
    let (code, ..) = run(dir.path(), &["history"]);
    assert_eq!(code, 2);
    let (code, out, _) = run(dir.path(), &["history", "--state-dir", "state"]);
    assert_eq!((code, out.as_str()), (0, "no run yet\n"));
}

#[test]
fn a_hold_that_never_ends_is_a_mistake_before_anybody_is_asked() {
    let dir = service(true);
    let (code, out, err) = run(dir.path(), &["traffic", "hold", "--for", "2days"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err, @"
    error: could not hold requests
      because: 2d is not a time between 1ms and 10m

    hint: `handover traffic hold --for 10s`
    ");
}

#[test]
fn doctor_names_what_would_fail_and_changes_nothing() {
    let dir = service(true);
    let (code, out, err) = run(dir.path(), &["doctor"]);
    assert_eq!((code, err.as_str()), (3, ""));
    for line in [
        "ok    settings      DIR/handover.toml, service shop",
        "ok    state folder  DIR/state is private and takes durable writes",
        "ok    journal       no run yet",
        "warn  agent         none runs",
        "FAIL  artifact      DIR/dist does not exist",
        "FAIL  command       ./server cannot be run",
        "warn  unit          no systemd unit starts the agent with the machine",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    assert_eq!(files(&dir), 0);
    let (code, out, _) = run(dir.path(), &["doctor", "--json"]);
    let object: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &object["version"], &object["checks"][0]["finding"]), (3, &1.into(), &"ok".into()));
}

#[test]
fn doctor_is_content_with_a_release_that_could_be_deployed() {
    let dir = service(false);
    let dist = dir.path().join("dist");
    private(&dist);
    fs::write(dist.join("server"), "#!/bin/sh\n").unwrap();
    fs::set_permissions(dist.join("server"), fs::Permissions::from_mode(0o755)).unwrap();
    let (code, out, _) = run(dir.path(), &["doctor"]);
    assert_eq!(code, 0, "{out}");
    assert!(!dir.path().join("state").exists(), "looking made the state folder");
    let (code, out, _) = run(dir.path(), &["doctor", "--config", "absent.toml"]);
    assert_eq!(code, 3);
    assert!(out.starts_with("FAIL  settings      DIR/absent.toml does not exist"), "{out}");
}

#[test]
fn the_unit_is_shown_or_written_once() {
    let dir = service(false);
    let install = ["agent", "install", "--unit-dir", "units", "--run-as", "shop"];
    let (code, out, _) = run(dir.path(), &[&install[..], &["--dry-run"]].concat());
    assert_eq!(code, 0);
    assert!(out.contains("User=shop\n") && out.contains("agent run\n"), "{out}");
    assert!(refused(&dir, &install).contains("No such file or directory"));
    fs::create_dir(dir.path().join("units")).unwrap();
    let (code, out, err) = run(dir.path(), &install);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @"
    wrote units/handover-shop.service

    next:
      install -d -m 700 -o shop DIR/state
      systemctl daemon-reload
      systemctl enable --now handover-shop.service
    ");
    insta::assert_snapshot!(refused(&dir, &install), @"
    error: could not install the agent
      because: cannot write units/handover-shop.service
      because: it exists already

    hint: `handover agent install --force` overwrites it
    ");
    let (code, ..) = run(dir.path(), &[&install[..], &["--force"]].concat());
    assert_eq!(code, 0);
    let (code, _, err) = run(dir.path(), &["agent", "install", "--run-as", "a\nExecStart=/bin/false"]);
    assert_eq!(code, 2, "{err}");
}
