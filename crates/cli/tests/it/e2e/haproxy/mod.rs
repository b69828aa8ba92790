//! Whole deployments on a real HAProxy, driven by the command that was typed: releases are processes that a script
//! starts, users come through HAProxy, and what is judged is its log.

mod proxied;

use rustix::process::Signal;

use self::proxied::Proxied;
use super::processes::{kill, signal};
use super::wait::until;

#[test]
fn a_good_release_takes_over_and_no_user_notices() {
    let Some(shop) = Proxied::serving("v1", "500ms") else { return };
    let users = shop.users(200);
    let ran = shop.deploy("v2").wait().exits(0);
    assert_eq!(ran.result()["outcome"], "promoted");
    let steps =
        ["launch", "health", "smoke", "shift-10", "verify-10", "judge-10", "shift-100", "verify-100", "bake"];
    let done = ran.steps();
    assert!(steps.iter().all(|step| done.iter().any(|done| done == step)), "{done:?}");
    assert_eq!(shop.stable(), "v2");
    let report = users.leave();
    assert_eq!((report.harmed, report.failed), (0, 0), "{report:?}");
    assert!(report.releases["v1"].ok > 0 && report.releases["v2"].ok > 0, "{report:?}");
}

#[test]
fn a_bad_release_is_taken_back_and_stopped() {
    let Some(shop) = Proxied::serving("v1", "20s") else { return };
    shop.write("bad", "--fail-share 0.5");
    let users = shop.users(200);
    let ran = shop.deploy("bad").wait().exits(5);
    assert_eq!(ran.result()["outcome"], "rolled_back");
    assert_eq!((shop.stable(), shop.green_weight()), ("v1".to_owned(), shop.all_on_stable()));
    let report = users.leave();
    assert_eq!((report.failed, report.releases["v1"].harmed), (0, 0), "{report:?}");
    assert!(!shop.is_running("bad"), "it was stopped");
}

#[test]
fn a_deployment_whose_driver_is_killed_is_resumed_where_it_stood() {
    let Some(shop) = Proxied::serving("v1", "1s") else { return };
    let users = shop.users(100);
    let typed = shop.deploy("v2");
    shop.until_candidate_has(1_000);
    kill(typed.pid());
    assert!(shop.run(&["status"]).out.contains("`handover resume` goes on"));
    let ran = shop.run(&["resume", "--json"]).exits(0);
    assert_eq!((ran.result()["outcome"].as_str(), shop.stable()), (Some("promoted"), "v2".to_owned()));
    assert_eq!(shop.launches("v2"), 1, "nothing was launched twice");
    assert_eq!(users.leave().failed, 0);
}

#[test]
fn a_job_that_is_cancelled_takes_the_candidate_back_first() {
    let Some(shop) = Proxied::serving("v1", "20s") else { return };
    let typed = shop.deploy("v2");
    shop.until_candidate_has(1_000);
    signal(typed.pid(), Signal::TERM);
    typed.wait().exits(5);
    assert_eq!((shop.stable(), shop.green_weight()), ("v1".to_owned(), shop.all_on_stable()));
}

#[test]
fn breaking_the_glass_ends_the_run_as_rolled_back() {
    let Some(shop) = Proxied::serving("v1", "20s") else { return };
    let typed = shop.deploy("v2");
    shop.until_candidate_has(1_000);
    let refused = shop.run(&["traffic", "shift", "--stable"]).exits(3);
    assert!(refused.err.contains("the lease is held by driver of"), "{}", refused.err);
    shop.run(&["traffic", "shift", "--stable", "--now", "--why", "checkout is slow"]).exits(0);
    assert_eq!(shop.green_weight(), shop.all_on_stable());
    let ended = typed.wait();
    // The driver was fenced off, or has taken the order first.
    if ended.code != Some(5) {
        shop.run(&["resume"]).exits(5);
    }
    assert_eq!(shop.stable(), "v1");
}

#[test]
fn the_glass_can_be_broken_where_nothing_can_be_written() {
    let Some(shop) = Proxied::serving("v1", "20s") else { return };
    let typed = shop.deploy("v2");
    shop.until_candidate_has(1_000);
    // What a full disk does to files that are written whole.
    for file in ["s/traffic.tmp", "haproxy/state.new"] {
        std::fs::create_dir(shop.path(file)).unwrap();
    }
    shop.run(&["traffic", "shift", "--stable", "--now", "--why", "the disk is full"]).exits(0);
    assert_eq!(shop.green_weight(), shop.all_on_stable());
    drop(typed);
}

#[test]
fn a_split_that_somebody_else_changed_is_an_incident() {
    let Some(shop) = Proxied::serving("v1", "20s") else { return };
    let typed = shop.deploy("v2");
    // While the change is being made, it is made again instead.
    until("the share is judged", || typed.so_far().contains(r#""watching","step":"judge-10""#).then_some(()));
    shop.by_hand(&format!("set server shop/{} weight 0", shop.candidate()));
    let ran = typed.wait().exits(5);
    let why = ran.result()["why"].as_str().unwrap().to_owned();
    assert!(why.starts_with("somebody else moved the traffic"), "{why}");
}

#[test]
fn traffic_is_shown_moved_and_drained_by_hand() {
    let Some(shop) = Proxied::serving("v1", "100ms") else { return };
    shop.deploy("v2").wait().exits(0);
    assert!(shop.run(&["traffic", "show"]).exits(0).out.contains("revision"));
    shop.run(&["traffic", "shift", "--candidate", "25%"]).exits(0);
    until("a quarter goes to the other slot", || (shop.candidate_bps() == 2_500).then_some(()));
    shop.run(&["traffic", "watch", "--once"]).exits(0);
    shop.run(&["traffic", "shift", "--stable"]).exits(0);
    shop.run(&["traffic", "drain", "--limit", "5s"]).exits(0);
    let unsupported = shop.run(&["traffic", "hold", "--for", "5s"]);
    assert_eq!(unsupported.code, Some(3), "{}", unsupported.err);
    assert!(unsupported.err.contains("HAProxy cannot express holding requests"), "{}", unsupported.err);
    shop.run(&["rollback"]).exits(0);
    assert_eq!(shop.stable(), "v1");
}

#[test]
fn what_is_wrong_with_the_proxy_is_said_before_anything_is_tried() {
    let Some(mut shop) = Proxied::serving("v1", "100ms") else { return };
    shop.end_proxy();
    let said = shop.plain(&shop.run(&["deploy", "--release", "v2"]).exits(3).err);
    insta::assert_snapshot!(said, @"
    error: could not ask HAProxy for its servers
      because: HAProxy could not be reached
      because: its Runtime API at DIR/haproxy/admin.sock: Connection refused (os error 111)

    hint: run `handover doctor` to see what answers and what does not
    ");
    let doctor = shop.run(&["doctor"]).exits(3).out;
    assert!(doctor.contains("FAIL  backend"), "{doctor}");
}

#[test]
fn a_split_that_somebody_else_changed_after_the_deployment_is_said_by_status_doctor_and_watch() {
    let Some(shop) = Proxied::serving("v1", "100ms") else { return };
    shop.deploy("v2").wait().exits(0);
    let watching = shop.start(&["traffic", "watch", "--every", "100ms"]);
    until("it watches", || watching.complaints().contains("watching that v2").then_some(()));
    // Both at once would be a change half made.
    let (stable, other) = if shop.candidate() == "blue" { ("green", "blue") } else { ("blue", "green") };
    shop.by_hand(&format!("set server shop/{other} weight 100"));
    shop.by_hand(&format!("set server shop/{stable} weight 100"));
    let seen = watching.wait().exits(7);
    assert!(seen.out.starts_with("somebody else moved the traffic: it belongs to"), "{}", seen.out);
    let status = shop.run(&["status"]).exits(0).out;
    assert!(status.contains("blue 50 %, green 50 %; somebody else has moved it"), "{status}");
    let doctor = shop.run(&["doctor"]).exits(3).out;
    assert!(doctor.contains("somebody else has moved the traffic"), "{doctor}");
    shop.run(&["traffic", "watch", "--once", "--restore"]).exits(5);
    assert_eq!(shop.green_weight(), shop.all_on_stable());
}
