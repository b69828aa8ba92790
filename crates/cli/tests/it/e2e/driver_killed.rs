//! The driver is killed after each record of a run, in turn: the run ends as it would have, by itself.

use std::sync::Mutex;

use handover_core::Slot;

use super::{Config, Service, Users};

/// Few enough for two processors: each service has up to seven processes.
const AT_ONCE: usize = 4;

/// How a run ended, as far as everybody can see.
#[derive(Debug, Clone, PartialEq)]
struct End {
    outcome: String,
    /// Each step that was completed, once.
    steps: Vec<String>,
    stable: (String, bool),
    slots: (Option<String>, Option<String>),
    launches: usize,
    starts: usize,
}

/// A service whose drivers kill themselves after this record of each run.
fn service(config: &Config, record: Option<usize>) -> Service {
    let service = Service::new(config);
    match record {
        Some(record) => service.with_env("HANDOVER_FAILPOINT", format!("driver-after-record={record}")),
        None => service,
    }
}

/// Deploys `release` and reads how that ended, once the agent is done with it.
fn deploy(service: &Service, release: &str, slot: Slot, killed: bool) -> End {
    let ran = service.deploy(release);
    service.until_over();
    let result = ran.result();
    let drivers = service.drivers(result["run"].as_str().unwrap());
    assert_eq!(drivers > 1, killed, "{drivers} drivers: {}", ran.out);
    let slots =
        service.status().unwrap().slots.map(|_, slot| slot.release.map(|release| release.to_string()));
    End {
        outcome: result["outcome"].as_str().unwrap().to_owned(),
        steps: ran.steps(),
        stable: service.stable(),
        slots: (slots.blue, slots.green),
        launches: service.launches(slot),
        starts: service.starts(release),
    }
}

/// Runs `act` for each of `records`, several at once.
fn for_each(records: impl Iterator<Item = usize>, act: impl Fn(usize) + Sync) {
    let records = Mutex::new(records.collect::<Vec<_>>());
    let next = || records.lock().unwrap().pop();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| std::iter::from_fn(next).for_each(&act));
        }
    });
}

#[test]
fn a_deployment_whose_driver_is_killed_after_any_record_ends_as_if_nothing_had_happened() {
    let config = Config::blue_green("0s");
    let undisturbed = service(&config, None);
    let first = deploy(&undisturbed, "v1", Slot::Blue, false);
    undisturbed.write_release("v2", "");
    let second = deploy(&undisturbed, "v2", Slot::Green, false);
    assert_eq!((first.outcome.as_str(), second.outcome.as_str()), ("promoted", "promoted"));
    assert_eq!((second.launches, second.starts), (1, 1));
    // The plan is record 0, which the driver does not write. Each effect writes two records, each watch as well, and
    // the lease and the end one each.
    let last_of = |end: &End| 2 + 2 * end.steps.len();
    for_each(1..=last_of(&second), |record| {
        let service = service(&config, Some(record));
        let killed_in_first = record <= last_of(&first);
        assert_eq!(
            deploy(&service, "v1", Slot::Blue, killed_in_first),
            first,
            "killed after record {record}"
        );
        service.write_release("v2", "");
        assert_eq!(deploy(&service, "v2", Slot::Green, true), second, "killed after record {record}");
    });
}

#[test]
fn a_run_that_goes_back_does_so_wherever_its_driver_is_killed() {
    let config = Config::blue_green("30s");
    let roll_back = |record: Option<usize>| {
        let service = service(&Config::blue_green("0s"), record);
        service.deploy("v1").exits(0);
        service.configure(&config);
        let users = Users::arrive(&service, 40);
        service.write_release("v2", "--fail-share 1");
        let end = deploy(&service, "v2", Slot::Green, record.is_some());
        let report = users.leave();
        assert_eq!((report.failed, report.releases["v1"].harmed), (0, 0), "{report:?}");
        end
    };
    let undisturbed = roll_back(None);
    assert_eq!(undisturbed.outcome, "rolled_back");
    assert_eq!((undisturbed.launches, undisturbed.starts), (1, 1));
    assert_eq!(undisturbed.slots, (Some("v1".into()), None));
    for_each([10, 11, 14, 15, 16, 18, 20, 22].into_iter(), |record| {
        assert_eq!(roll_back(Some(record)), undisturbed, "killed after record {record}");
    });
}
