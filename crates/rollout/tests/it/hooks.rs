//! Hooks as real processes.

use std::fs;
use std::time::Duration;

use handover_rollout::local::LocalHooks;
use handover_rollout::{HookCall, HookRunner as _};
use tempfile::TempDir;

use crate::sim::{release, run_id};

fn call(folder: &TempDir, command: &str, limit: Duration) -> HookCall {
    let command = command.to_owned();
    HookCall {
        name: "before_shift",
        command,
        folder: folder.path().into(),
        release: release("v2"),
        limit,
        env: Vec::new(),
    }
}

#[tokio::test]
async fn a_hook_runs_in_its_folder_and_learns_what_it_is_for() {
    let folder = tempfile::tempdir().unwrap();
    let hooks = LocalHooks::new(folder.path());
    let command = "echo $RELEASE $HANDOVER_OP $HANDOVER_ATTEMPT; pwd; exit 3";
    let end = hooks.run(&run_id("r1"), &call(&folder, command, Duration::from_secs(20))).await.unwrap();
    let place = folder.path().canonicalize().unwrap().display().to_string();
    assert_eq!((end.code, end.tail), (Some(3), vec!["v2 r1/before_shift 1".into(), place]));
}

#[tokio::test]
async fn how_a_hook_ended_outlives_its_driver() {
    let folder = tempfile::tempdir().unwrap();
    let hook = call(&folder, "true", Duration::from_secs(20));
    assert_eq!(LocalHooks::new(folder.path()).ended(&run_id("r1"), &hook).await.unwrap(), None);
    let end = LocalHooks::new(folder.path()).run(&run_id("r1"), &hook).await.unwrap();
    let remembered = LocalHooks::new(folder.path()).ended(&run_id("r1"), &hook).await.unwrap();
    assert_eq!(remembered, Some(end));
    assert_eq!(
        LocalHooks::new(folder.path()).ended(&run_id("r2"), &hook).await.unwrap(),
        None,
        "another run's"
    );
}

#[tokio::test]
async fn a_hook_past_its_limit_is_killed_with_all_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let hooks = LocalHooks::new(folder.path());
    let hook = call(&folder, "sleep 600 & echo $! > child; wait", Duration::from_millis(300));
    let end = hooks.run(&run_id("r1"), &hook).await.unwrap();
    assert_eq!(end.code, None);
    let child = fs::read_to_string(folder.path().join("child")).unwrap();
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.trim()));
    assert!(stat.is_err() || stat.unwrap().contains(") Z "), "what the hook started lives on");
}

#[tokio::test]
async fn a_hook_nobody_waits_for_any_more_is_killed_with_all_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let hooks = LocalHooks::new(folder.path());
    let hook =
        call(&folder, "sleep 600 & echo $! > child.new; mv child.new child; wait", Duration::from_mins(1));
    let (run, started) = (run_id("r1"), folder.path().join("child"));
    tokio::select! {
        _ = hooks.run(&run, &hook) => panic!("the hook ended by itself"),
        () = appears(&started) => {}
    }
    let child = fs::read_to_string(&started).unwrap();
    let gone =
        || fs::read_to_string(format!("/proc/{}/stat", child.trim())).map_or(true, |s| s.contains(") Z "));
    while !gone() {
        tokio::task::yield_now().await;
    }
}

async fn appears(path: &std::path::Path) {
    while !path.exists() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_hook_that_is_run_again_can_tell() {
    let folder = tempfile::tempdir().unwrap();
    let hooks = LocalHooks::new(folder.path());
    let hook = call(&folder, "echo attempt $HANDOVER_ATTEMPT", Duration::from_secs(20));
    hooks.run(&run_id("r1"), &hook).await.unwrap();
    let again = hooks.run(&run_id("r1"), &hook).await.unwrap();
    assert_eq!(again.tail, ["attempt 1", "attempt 2"]);
}

#[tokio::test]
async fn a_damaged_end_is_an_error_and_not_a_second_run() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("runs/r1/hooks");
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("before_shift.json"), "{").unwrap();
    let hook = call(&folder, "true", Duration::from_secs(20));
    assert!(LocalHooks::new(folder.path()).ended(&run_id("r1"), &hook).await.is_err());
}
