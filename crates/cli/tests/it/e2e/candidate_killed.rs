//! The candidate's process dies while it has half of the traffic.

use rustix::process::Signal;

use super::processes::signal;
use super::{Config, Service, Users};

#[test]
fn users_of_a_candidate_that_dies_are_answered_by_stable_and_the_run_goes_back() {
    let service = Service::serving(&Config::canary("50%", "40s"));
    let users = Users::arrive(&service, 100);
    service.write_release("v2", "");
    let deploy = service.start_deploy("v2");
    let status = service.until_candidate_has(5_000);
    let slot = status.run.unwrap().request.candidate;
    let before = service.served();
    service.until("both releases answer", |_| (service.served() > before + 50).then_some(()));
    signal(status.slots[slot].instances[0].pid.unwrap(), Signal::KILL);
    let result = deploy.wait().exits(5).result();
    assert_eq!(result["outcome"], "rolled_back");
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    let report = users.leave();
    assert_eq!((report.failed, report.harmed), (0, 0), "{report:?}");
    assert!(report.releases["v2"].ok > 0, "{report:?}");
}
