//! A driver that holds still is no driver: the agent takes the traffic back in its stead.

use rustix::process::Signal;

use super::processes::signal;
use super::{Config, Service, Users};

/// The lease's time to live in the tests' settings, in seconds.
const LEASE: f64 = 10.0;

#[test]
fn a_stopped_driver_loses_its_lease_and_the_run_ends_as_rolled_back() {
    let service = Service::serving(&Config::canary("50%", "40s"));
    let users = Users::arrive(&service, 50);
    service.write_release("v2", "");
    let deploy = service.start_deploy("v2");
    let driver = service.until_candidate_has(5_000).run.unwrap().driver.unwrap();
    signal(driver, Signal::STOP);
    let note = service.until("the agent takes the traffic back", |status| {
        let all_back = status.route.route.split.bps(handover_core::Slot::Green) == 0;
        status.last_guard.clone().filter(|_| all_back).map(|note| note.why)
    });
    let result = deploy.wait().exits(5).result();
    assert_eq!(result["outcome"], "rolled_back");
    assert!(silent_for(&note).is_some_and(|seconds| seconds >= LEASE), "{note}");
    assert_eq!(result["why"], format!("rollback by the agent's guard: {note}"));
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    assert_eq!(service.until_over(), "rolled back");
    let report = users.leave();
    assert_eq!((report.failed, report.harmed), (0, 0), "{report:?}");
}

/// For how many seconds the agent had not heard of the driver.
fn silent_for(note: &str) -> Option<f64> {
    note.strip_prefix("the driver gave no sign of life for ")?.strip_suffix(" s")?.parse().ok()
}
