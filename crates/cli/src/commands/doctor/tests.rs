use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use handover_core::{Slot, Timestamp};
use handover_health::{Healthy, ProbeClass, ProbeError};

use super::check::Checks;
use super::*;
use crate::commands::fixtures;

fn shown(all: impl IntoIterator<Item = Check>) -> String {
    let mut checks = Checks::default();
    all.into_iter().for_each(|check| checks.add(check));
    checks.to_string()
}

#[test]
fn a_port_that_is_taken_is_named_with_its_process() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (pid, name) = (std::process::id(), fs::read_to_string("/proc/self/comm").unwrap());
    let said = shown([port::could_listen(address)]);
    let wanted = format!("FAIL  port          {address} is taken by process {pid} ({})", name.trim_end());
    assert!(said.starts_with(&wanted), "{said}");
    drop(listener);
    assert!(shown([port::could_listen(address)]).starts_with("ok "));
}

#[test]
fn each_view_says_what_it_met_and_too_few_are_warned_of() {
    let well = || Ok(Healthy::after(Duration::from_millis(12)));
    let late = || Err(ProbeError::new(ProbeClass::Timeout, "no answer within 2s"));
    let asked = |answers: [Result<Healthy, ProbeError>; 3]| {
        let names = ["http://a/", "http://b/", "http://c/"].map(str::to_owned);
        shown(views::checks(names.into_iter().zip(answers).collect(), 2))
    };
    insta::assert_snapshot!(asked([well(), late(), well()]), @"
    ok    view          http://a/ answers well within 12ms
    warn  view          http://b/: no answer in time (no answer within 2s)
                        next: it does not count until it answers
    ok    view          http://c/ answers well within 12ms

    2 ok, 1 to look at, 0 that would fail
    ");
    insta::assert_snapshot!(asked([late(), well(), late()]), @"
    warn  view          http://a/: no answer in time (no answer within 2s)
                        next: it does not count until it answers
    ok    view          http://b/ answers well within 12ms
    warn  view          http://c/: no answer in time (no answer within 2s)
                        next: it does not count until it answers
    warn  views         1 of 3 see the service: too few to take a release back, so they would only be told of
                        next: mend the views above, or ask somewhere else: `[health] views`

    1 ok, 3 to look at, 0 that would fail
    ");
}

#[test]
fn what_would_be_released_is_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    let (artifact, secrets) = (dir.path().join("dist"), dir.path().join("env"));
    let said = |check: Check| shown([check]).replace(&dir.path().display().to_string(), "DIR");
    insta::assert_snapshot!(said(release::artifact(&artifact)), @"
    FAIL  artifact      DIR/dist does not exist
                        next: build it first; `artifact` in handover.toml names the folder

    0 ok, 0 to look at, 1 that would fail
    ");
    fs::create_dir(&artifact).unwrap();
    insta::assert_snapshot!(said(release::artifact(&artifact)), @"
    FAIL  artifact      DIR/dist is empty
                        next: build it first; `artifact` in handover.toml names the folder

    0 ok, 0 to look at, 1 that would fail
    ");
    insta::assert_snapshot!(said(release::secrets(&secrets)), @"
    FAIL  env file      DIR/env: No such file or directory (os error 2)
                        next: `env_file` in handover.toml names it

    0 ok, 0 to look at, 1 that would fail
    ");
    fs::write(&secrets, "TOKEN=x").unwrap();
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o644)).unwrap();
    insta::assert_snapshot!(said(release::secrets(&secrets)), @"
    warn  env file      DIR/env can be read by everybody
                        next: `chmod o= DIR/env`

    0 ok, 1 to look at, 0 that would fail
    ");
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(said(release::secrets(&secrets)).starts_with("ok "));
}

#[test]
fn a_command_is_looked_up_where_it_will_run() {
    let dir = tempfile::tempdir().unwrap();
    let said = |command: &str| {
        let check = command::look(command, Some(dir.path()));
        shown([check]).lines().next().unwrap().replace(&dir.path().display().to_string(), "DIR")
    };
    insta::assert_snapshot!(said("./server --port $PORT"), @"FAIL  command       ./server cannot be run");
    let server = dir.path().join("server");
    fs::write(&server, "#!/bin/sh").unwrap();
    assert!(said("./server").starts_with("FAIL"), "it is not executable");
    fs::set_permissions(&server, fs::Permissions::from_mode(0o755)).unwrap();
    insta::assert_snapshot!(said("exec ./server"), @"ok    command       runs DIR/server");
    assert!(said("sh -c true").starts_with("ok ") && said("no-such-program-here").starts_with("FAIL"));
}

#[test]
fn the_serving_release_is_asked_for_its_health() {
    let mut status = fixtures::status();
    insta::assert_snapshot!(shown(agent::answers(Some(&status))), @r"
    warn  health        2 of 3 instances of v41 and v42 ready: 503 \u{1b}[2Jfrom /health
                        next: `handover logs` shows what it says; `handover rollback` goes back

    0 ok, 1 to look at, 0 that would fail
    ");
    status.slots[Slot::Blue].release = None;
    status.slots[Slot::Green].instances.remove(0);
    insta::assert_snapshot!(shown(agent::answers(Some(&status))), @r"
    FAIL  health        0 of 1 instances of v42 ready: 503 \u{1b}[2Jfrom /health
                        next: `handover logs` shows what it says; `handover rollback` goes back

    0 ok, 0 to look at, 1 that would fail
    ");
    status.slots[Slot::Green].release = None;
    assert!(agent::answers(Some(&status)).is_none() && agent::answers(None).is_none());
}

#[test]
fn the_machine_is_measured() {
    let began = fixtures::BEGAN;
    let all = [
        machine::clock(Timestamp::from_unix_millis(0), None),
        machine::clock(began, Some(began.plus(std::time::Duration::from_hours(3)))),
        machine::clock(began, Some(began)),
        machine::files(Some(1_024)),
        machine::files(None),
        state::room(5_000_000),
        state::room(50_000_000),
        state::room(75_000_000_000),
    ];
    insta::assert_snapshot!(shown(all), @"
    FAIL  clock         it says 1970-01-01 00:00:00Z
                        next: set the clock, `timedatectl set-ntp true`: holds and retained releases end by it
    warn  clock         it is 3h behind the journal's last record
                        next: set the clock, `timedatectl set-ntp true`: holds and retained releases end by it
    ok    clock         2026-11-23 01:12:44Z
    warn  open files    at most 1024: about 512 users at once
                        next: `ulimit -n 65536` before the agent starts; the unit of `handover agent install` does so
    ok    open files    no limit
    FAIL  disk          5 MB free
                        next: make room: a journal that cannot be written stops a run
    warn  disk          50 MB free
                        next: `handover releases prune` removes old releases
    ok    disk          75000 MB free

    3 ok, 3 to look at, 2 that would fail
    ");
}

#[test]
fn a_state_folder_is_written_to_and_left_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state");
    let said = |check: Check| {
        shown([check]).lines().next().unwrap().replace(&dir.path().display().to_string(), "DIR")
    };
    insta::assert_snapshot!(said(state::folder(&path)), @"ok    state folder  DIR/state is not there yet and can be made");
    assert!(!path.exists());
    crate::state_dir::create(&path).unwrap();
    insta::assert_snapshot!(said(state::folder(&path)), @"ok    state folder  DIR/state is private and takes durable writes");
    assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    fs::write(path.join("x"), "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    insta::assert_snapshot!(said(state::folder(&path)), @"FAIL  state folder  the state folder DIR/state is open to other users (mode 755)");
}

#[tokio::test]
async fn a_journal_that_is_none_is_told_apart_from_one_that_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let said = |check: Check| shown([check]).replace(&dir.path().display().to_string(), "DIR");
    insta::assert_snapshot!(said(state::journal(dir.path()).await.0), @"
    ok    journal       no run yet

    1 ok, 0 to look at, 0 that would fail
    ");
    fs::write(
        dir.path().join("journal.db"),
        "this is no database, and long enough to be taken for one ".repeat(99),
    )
    .unwrap();
    insta::assert_snapshot!(said(state::journal(dir.path()).await.0), @"
    FAIL  journal       DIR/journal.db cannot be read as a journal: it is not a SQLite file
                        next: put a backup in its place, or move it aside with `mv DIR/journal.db DIR/journal.db.broken`

    0 ok, 0 to look at, 1 that would fail
    ");
}
