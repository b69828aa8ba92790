//! What `handover.toml` says is asked: where users arrive, and each process that the agent runs.

use std::fs;

use rustix::process::Signal;

use super::processes::{signal, under};
use super::{Config, Service};

/// The processes that answer.
fn serving(service: &Service) -> Vec<u32> {
    let told = |pid: &u32| fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let serves = |pid: &u32| told(pid).split(|byte| *byte == 0).any(|word| word == b"sample-service");
    let pids: Vec<_> = under(&service.path("")).into_iter().filter(serves).collect();
    assert!(!pids.is_empty());
    pids
}

fn signal_all(pids: &[u32], which: Signal) {
    for pid in pids {
        signal(*pid, which);
    }
}

#[test]
fn users_address_and_each_process_are_asked() {
    let service = Service::serving(&Config::blue_green("0s"));
    let ran = service.run(&["health", "check"]).exits(0);
    let instance = service.status().unwrap().slots.blue.instances[0].clone();
    let text = service.plain(&ran.out).replace(&instance.port.to_string(), "INST");
    insta::with_settings!({ filters => vec![(r" +\d+(\.\d)?m?s\b", "  T"), ("TIME +", "TIME  ")] }, {
        insta::assert_snapshot!(text, @"
        ASKED                                               VERDICT  STATUS  TIME  WHY
        http://127.0.0.1:PORT/health/ready (users)          well     200  T
        http://127.0.0.1:INST/health/ready (v1 in blue/0)  well     200  T

        2 of 2 well, 2 needed: well
        ");
    });
    let pids = serving(&service);
    signal_all(&pids, Signal::STOP);
    let frozen = service.run(&["health", "check", "--timeout", "300ms", "--json"]);
    signal_all(&pids, Signal::CONT);
    // In the long run the edge says itself that nobody is ready, which is more than silence.
    assert!(matches!(frozen.code, Some(3 | 4)), "{frozen:?}");
    let object = frozen.result();
    assert_eq!(object["asked"][1]["name"], "v1 in blue/0");
    assert_eq!(object["asked"][1]["class"], "timeout");
    service.end_everything();
    let ran = service.run(&["health", "check"]).exits(3);
    assert_eq!(ran.err, "note: no agent runs here, so no process of a release is asked\n");
    assert!(ran.out.contains("connection refused"), "{}", ran.out);
}
