//! A driver that holds still is no driver: the agent takes the traffic back in its stead.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::processes::signal;
use super::{Config, Service, Users};

/// The lease's time to live in the tests' settings, and the second that the guard has.
const LEASE_AND_A_SECOND: Duration = Duration::from_secs(3 + 1);

#[test]
fn a_stopped_driver_loses_its_lease_and_the_run_ends_as_rolled_back() {
    let service = Service::serving(&Config::canary("50%", "40s"));
    let users = Users::arrive(&service, 50);
    service.write_release("v2", "");
    let deploy = service.start_deploy("v2");
    let driver = service.until_candidate_has(5_000).run.unwrap().driver.unwrap();
    signal(driver, Signal::STOP);
    let stopped = Instant::now();
    let (back, note) = service.until("the agent takes the traffic back", |status| {
        let note = status.last_guard.clone();
        (status.route.route.split.bps(handover_core::Slot::Green) == 0).then(|| (stopped.elapsed(), note))
    });
    assert!(back <= LEASE_AND_A_SECOND, "it took {back:?}");
    let result = deploy.wait().exits(5).result();
    assert_eq!(result["outcome"], "rolled_back");
    let note = note.unwrap().why;
    assert!(note.starts_with("the driver gave no sign of life for 3."), "{note}");
    assert_eq!(result["why"], format!("rollback by the agent's guard: {note}"));
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    assert_eq!(service.until_over(), "rolled back");
    let report = users.leave();
    assert_eq!((report.failed, report.harmed), (0, 0), "{report:?}");
}
