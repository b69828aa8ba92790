//! The shim by itself: what an agent that was killed has to rely on.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::bench::{end_processes_of, example, read_json, until};

/// A folder with work in it; whoever still works there goes with it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        end_processes_of(self.path());
    }
}

/// A folder with a line for the shell in it.
fn folder(line: &str, grace: Duration) -> Folder {
    let dir = tempfile::tempdir().unwrap();
    let config = serde_json::json!({
        "attempt": 1,
        "work": {"shell": line},
        "cwd": dir.path(),
        "env_file": null,
        "env": [],
        "port": null,
        "grace": grace,
        "log": "log",
        "log_cap": 100_000,
    });
    fs::write(dir.path().join("shim.json"), config.to_string()).unwrap();
    Folder(dir)
}

fn shim(dir: &Path) -> Child {
    Command::new(example("test_agent")).arg("shim").arg(dir).spawn().unwrap()
}

fn log(dir: &Path) -> String {
    fs::read_to_string(dir.join("log")).unwrap_or_default()
}

async fn logged(dir: &Path, what: &str) {
    until("it is in the log", async || log(dir).contains(what).then_some(())).await;
}

async fn ended(mut shim: Child) -> Option<i32> {
    until("the shim has ended", async || shim.try_wait().unwrap()).await.code()
}

fn terminate(shim: &Child) {
    let pid = Pid::from_raw(i32::try_from(shim.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
}

#[tokio::test]
async fn a_second_shim_in_the_same_folder_starts_nothing() {
    let dir =
        folder("echo started; while [ ! -e over ]; do sleep 0.01; done; exit 3", Duration::from_secs(1));
    let first = shim(dir.path());
    logged(dir.path(), "started").await;
    let before = read_json(&dir.path().join("status.json"));
    assert_eq!(ended(shim(dir.path())).await, Some(0));
    assert_eq!(read_json(&dir.path().join("status.json")), before);
    fs::write(dir.path().join("over"), "").unwrap();
    assert_eq!(ended(first).await, Some(0));
    assert_eq!(log(dir.path()), "started\n");
    assert_eq!(read_json(&dir.path().join("status.json"))["exit"]["code"], 3);
}

#[tokio::test]
async fn a_server_under_a_shell_may_finish_what_it_began() {
    let server = "trap 'sleep 1.3; echo finished; exit 0' TERM; echo up; while :; do sleep 0.01; done";
    let dir = folder(&format!("({server}) & wait"), Duration::from_secs(5));
    let shim = shim(dir.path());
    logged(dir.path(), "up").await;
    terminate(&shim);
    assert_eq!(ended(shim).await, Some(0));
    assert!(log(dir.path()).ends_with("finished\n"), "{}", log(dir.path()));
}

#[tokio::test]
async fn whoever_ignores_its_grace_is_ended_by_force_with_everything_it_started() {
    let stubborn = "trap '' TERM; echo up; while :; do sleep 0.01; done";
    let dir = folder(&format!("({stubborn}) & {stubborn}"), Duration::from_millis(100));
    let shim = shim(dir.path());
    until("both are up", async || (log(dir.path()) == "up\nup\n").then_some(())).await;
    terminate(&shim);
    assert_eq!(ended(shim).await, Some(0));
    let status = read_json(&dir.path().join("status.json"));
    assert_eq!(status["exit"]["signal"], 9);
    let group = i32::try_from(status["child"]["pid"].as_i64().unwrap()).unwrap();
    let left = rustix::process::test_kill_process_group(Pid::from_raw(group).unwrap());
    let living =
        std::fs::read_to_string(format!("/proc/{group}/stat")).is_ok_and(|stat| !stat.contains(") Z"));
    assert!(left.is_err() || !living);
}

#[tokio::test]
async fn what_cannot_be_started_is_on_record() {
    let dir = folder("true", Duration::from_millis(100));
    let path = dir.path().join("shim.json");
    let mut config = read_json(&path);
    config["cwd"] = "/nowhere/at/all".into();
    fs::write(&path, config.to_string()).unwrap();
    assert_eq!(ended(shim(dir.path())).await, Some(1));
    let error = read_json(&dir.path().join("status.json"))["error"].clone();
    insta::assert_snapshot!(error.as_str().unwrap(), @"the release's folder /nowhere/at/all cannot be entered: No such file or directory (os error 2)");
}
