//! What a person orders in the middle of a run, and going back after one.

use handover_core::Slot;

use super::typed::Typed;
use super::{Config, Service, Users};

/// `v2` at half of the traffic, for a minute unless somebody orders otherwise.
fn at_half(flags: &str) -> (Service, Typed) {
    let service = Service::serving(&Config::canary("50%", "1m"));
    service.write_release("v2", flags);
    let deploy = service.start_deploy("v2");
    service.until_candidate_has(5_000);
    (service, deploy)
}

#[test]
fn promote_ends_the_waiting_of_a_step() {
    let (service, deploy) = at_half("");
    // The share is seen a moment before the step waits: an order given in between is not to be lost.
    service.run(&["promote", "--why", "it looks good"]).exits(0);
    assert_eq!(deploy.wait().exits(0).result()["outcome"], "promoted");
    assert_eq!(service.stable(), ("v2".to_owned(), true));
}

#[test]
fn a_paused_run_stays_where_it_is_until_it_is_resumed() {
    let service = Service::serving(&Config::canary("50%", "1s"));
    service.write_release("v2", "");
    let deploy = service.start_deploy("v2");
    service.until_candidate_has(5_000);
    service.run(&["pause"]).exits(0);
    // A script that watched is told that a person is needed.
    deploy.wait().exits(6);
    let resumed = service.run(&["resume", "--json"]).exits(0);
    assert_eq!(resumed.result()["outcome"], "promoted");
    let orders: Vec<_> = resumed.records().into_iter().filter(|body| body["kind"] == "ordered").collect();
    assert_eq!(orders.len(), 2, "{orders:?}");
    assert_eq!(service.stable(), ("v2".to_owned(), true));
}

#[test]
fn a_paused_candidate_that_fails_its_users_is_taken_back_all_the_same() {
    let (service, deploy) = at_half("--fail-share 1");
    service.run(&["pause"]).exits(0);
    deploy.wait().exits(6);
    let users = Users::arrive(&service, 100);
    assert_eq!(service.until_over(), "rolled back");
    let report = users.leave();
    assert_eq!((report.failed, report.releases["v1"].harmed), (0, 0), "{report:?}");
    assert_eq!(service.stable(), ("v1".to_owned(), true));
}

#[test]
fn abort_takes_the_candidate_back() {
    let (service, deploy) = at_half("");
    let users = Users::arrive(&service, 50);
    let aborted = service.run(&["abort", "--why", "wrong branch", "--json"]).exits(0).result();
    assert_eq!(aborted["outcome"], "rolled_back");
    let watched = deploy.wait().exits(5).result();
    assert!(watched["why"].as_str().unwrap().contains("wrong branch"), "{watched}");
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    let report = users.leave();
    assert_eq!((report.failed, report.harmed), (0, 0), "{report:?}");
}

#[test]
fn going_back_is_to_the_warm_release_without_a_launch_or_to_any_frozen_one() {
    let service = Service::serving(&Config::blue_green("0s"));
    for release in ["v2", "v3"] {
        service.write_release(release, "");
        service.deploy(release).exits(0);
    }
    let users = Users::arrive(&service, 50);
    let warm = service.status().unwrap().slots[Slot::Green].instances[0].pid;
    service.run(&["rollback"]).exits(0);
    assert_eq!(service.stable(), ("v2".to_owned(), true));
    assert_eq!(
        (service.starts("v2"), service.status().unwrap().slots[Slot::Green].instances[0].pid),
        (1, warm)
    );
    // The first was evicted long ago; its files were not. What lies in its folder now does not matter.
    service.write_release("v1", "--exit-at-once");
    service.run(&["rollback", "--to", "v1"]).exits(0);
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    assert_eq!((service.starts("v1"), service.launches(Slot::Blue)), (2, 3));
    let report = users.leave();
    assert_eq!((report.failed, report.harmed), (0, 0), "{report:?}");
}

#[test]
fn an_order_to_nobody_is_refused() {
    let service = Service::serving(&Config::blue_green("0s"));
    let err = service.run(&["abort"]).exits(3).err;
    insta::assert_snapshot!(err, @r"
    error: could not give the order
      because: no run is going on

    hint: `handover history` lists the runs; `handover rollback` goes back to the release before
    ");
}
