//! Whole deployments on a `handover edge` of its own, driven by the command that was typed: releases are processes that a
//! script starts, users come through the edge, and what is judged is what it counts.

mod behind;
mod railway;
mod tls;

use rustix::process::Signal;

use self::behind::Behind;
use super::processes::{kill, signal};
use super::wait::until;

#[test]
fn a_good_release_takes_over_and_no_user_notices() {
    let shop = Behind::serving("v1", "500ms");
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
    // The next one goes the other way.
    shop.deploy("v1").wait().exits(0);
    assert_eq!(shop.stable(), "v1");
}

#[test]
fn a_bad_release_is_taken_back_and_stopped() {
    let shop = Behind::serving("v1", "20s");
    shop.write("bad", "--fail-share 0.5");
    let users = shop.users(200);
    let ran = shop.deploy("bad").wait().exits(5);
    assert_eq!(ran.result()["outcome"], "rolled_back");
    assert_eq!((shop.stable(), shop.candidate_bps()), ("v1".to_owned(), 0));
    let report = users.leave();
    assert_eq!((report.failed, report.releases["v1"].harmed), (0, 0), "{report:?}");
    assert!(report.releases["bad"].harmed > 0, "{report:?}");
    assert!(!shop.is_running("bad"), "it was stopped");
}

#[test]
fn a_release_that_fails_its_smoke_test_gets_no_user() {
    let shop = Behind::serving("v1", "20s");
    shop.write("bad", "--fail-smoke");
    let ran = shop.deploy("bad").wait().exits(3);
    assert!(ran.steps().iter().any(|step| step == "health"), "{:?}", ran.steps());
    assert_eq!((shop.stable(), shop.candidate_bps(), shop.served_by_candidate()), ("v1".to_owned(), 0, 0));
}

#[test]
fn a_deployment_whose_driver_is_killed_is_resumed_where_it_stood() {
    let shop = Behind::serving("v1", "1s");
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
fn an_edge_that_is_started_again_in_the_middle_keeps_its_route_and_the_run_goes_on() {
    let mut shop = Behind::serving("v1", "3s");
    let typed = shop.deploy("v2");
    shop.until_candidate_has(1_000);
    let (before, pins) = (shop.route(), shop.secrets());
    shop.kill_edge();
    shop.start_edge();
    let after = shop.route();
    assert_eq!((&after["split"], &after["revision"]), (&before["split"], &before["revision"]));
    assert_eq!(shop.secrets(), pins);
    let users = shop.users(100);
    typed.wait().exits(0);
    assert_eq!(shop.stable(), "v2");
    let report = users.leave();
    assert_eq!((report.harmed, report.failed), (0, 0), "{report:?}");
}

#[test]
fn a_job_that_is_cancelled_takes_the_candidate_back_first() {
    let shop = Behind::serving("v1", "20s");
    let typed = shop.deploy("v2");
    shop.until_candidate_has(1_000);
    signal(typed.pid(), Signal::TERM);
    typed.wait().exits(5);
    assert_eq!((shop.stable(), shop.candidate_bps()), ("v1".to_owned(), 0));
}

#[test]
fn breaking_the_glass_ends_the_run_as_rolled_back() {
    let shop = Behind::serving("v1", "20s");
    let typed = shop.deploy("v2");
    shop.until_candidate_has(1_000);
    let refused = shop.run(&["traffic", "shift", "--stable"]).exits(3);
    assert!(refused.err.contains("the lease is held by driver of"), "{}", refused.err);
    shop.run(&["traffic", "shift", "--stable", "--now", "--why", "checkout is slow"]).exits(0);
    assert_eq!(shop.candidate_bps(), 0);
    let ended = typed.wait();
    // The driver was fenced off, or has taken the order first.
    if ended.code != Some(5) {
        shop.run(&["resume"]).exits(5);
    }
    assert_eq!(shop.stable(), "v1");
    // Nor is the next deployment shut out by it, however often it was done.
    for _ in 0..3 {
        shop.run(&["traffic", "shift", "--stable", "--now"]).exits(0);
    }
    shop.configure("100ms");
    shop.deploy("v2").wait().exits(0);
}

#[test]
fn the_glass_can_be_broken_where_the_edge_can_write_nothing() {
    let shop = Behind::serving("v1", "20s");
    let typed = shop.deploy("v2");
    shop.until_candidate_has(1_000);
    shop.fill_the_edges_disk();
    shop.run(&["traffic", "shift", "--stable", "--now", "--why", "the disk is full"]).exits(0);
    assert_eq!(shop.candidate_bps(), 0);
    drop(typed);
}

#[test]
fn a_run_that_somebody_has_overruled_at_the_edge_itself_is_ended_by_abort() {
    let shop = Behind::serving("v1", "20s");
    let typed = shop.deploy("v2");
    shop.until_candidate_has(1_000);
    // Twice, so that the next lease by itself would not be above the fence.
    for op in ["a-stranger", "the-same-again"] {
        shop.by_hand("POST /v1/panic", &format!(r#"{{"to":"green","why":"by hand","op":"{op}"}}"#));
    }
    shop.run(&["abort"]).exits(0);
    let ran = typed.wait();
    assert_ne!(ran.code, Some(0), "{}", ran.out);
    assert_eq!((shop.stable(), shop.candidate_bps()), ("v1".to_owned(), 0), "{}", ran.err);
}

#[test]
fn the_status_knows_the_last_minute_also_where_nobody_drives() {
    let shop = Behind::serving("v1", "100ms");
    let report = shop.users(100).leave();
    let status = until("the edge has counted them", || {
        let status = shop.run(&["status", "--json"]).exits(0).out;
        let counted = |text: &str| text.split("\"n\":").skip(1).any(|n| !n.starts_with('0'));
        counted(&status).then_some(status)
    });
    assert!(status.contains("\"p95\":0."), "{status}");
    assert_eq!(report.failed, 0);
}

#[test]
fn traffic_is_shown_moved_held_and_drained_by_hand() {
    let shop = Behind::serving("v1", "100ms");
    shop.deploy("v2").wait().exits(0);
    assert!(shop.run(&["traffic", "show"]).exits(0).out.contains("revision"));
    shop.run(&["traffic", "shift", "--candidate", "25%"]).exits(0);
    until("a quarter goes to the other slot", || (shop.candidate_bps() == 2_500).then_some(()));
    shop.run(&["traffic", "shift", "--stable"]).exits(0);
    shop.run(&["traffic", "drain", "--limit", "5s"]).exits(0);
    shop.run(&["traffic", "hold", "--for", "5s"]).exits(0);
    shop.run(&["traffic", "unhold"]).exits(0);
    shop.run(&["rollback"]).exits(0);
    assert_eq!(shop.stable(), "v1");
}

#[test]
fn what_is_wrong_with_the_edge_is_said_before_anything_is_tried() {
    let mut shop = Behind::serving("v1", "100ms");
    let doctor = shop.run(&["doctor"]).exits(0).out;
    assert!(doctor.contains("remote-edge answers: blue"), "{doctor}");
    let mut said = Vec::new();
    shop.write_token(&"f".repeat(32));
    said.push(shop.plain(&shop.run(&["deploy", "--release", "v2"]).exits(3).err));
    shop.write_token("s3cret");
    said.push(shop.plain(&shop.run(&["deploy", "--release", "v2"]).exits(2).err));
    shop.write_token(behind::TOKEN);
    shop.kill_edge();
    said.push(shop.plain(&shop.run(&["deploy", "--release", "v2"]).exits(3).err));
    assert!(!said.concat().contains("s3cret"));
    insta::assert_snapshot!(said.join("---\n"), @"
    error: could not ask the edge for its secrets
      because: the token is missing, or not the one of this API

    hint: give `[remote_edge]` the token that the edge was started with
    ---
    error: could not use the edge
      because: the token has 6 characters; it needs 32 at least
    ---
    error: could not ask the edge for its secrets
      because: no edge answers at http://ADMIN/
      because: error sending request
      because: client error (Connect)
      because: tcp connect error
      because: Connection refused (os error 111)

    hint: check its address, and that the edge runs there
    ");
    let doctor = shop.run(&["doctor"]).exits(3).out;
    assert!(doctor.contains("FAIL  backend"), "{doctor}");
}
