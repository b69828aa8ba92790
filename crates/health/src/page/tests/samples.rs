use std::time::Duration;

use handover_core::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::health::Criticality;
use crate::lifecycle::Stage;
use crate::{
    CheckReport, CheckStatus, Identity, Lately, LocalReport, Measured, ProbeClass, ProbeError, Report,
    Standing, State, Transition,
};

/// In every detail that a dependency gives; in no page but the details.
pub(super) const SECRET: &str = "postgres://shop:hunter2@10.1.2.3/shop?select=password";

pub(super) const CLASSES: [ProbeClass; 12] = [
    ProbeClass::Timeout,
    ProbeClass::Refused,
    ProbeClass::Reset,
    ProbeClass::Status(502),
    ProbeClass::Protocol,
    ProbeClass::Auth,
    ProbeClass::Tls,
    ProbeClass::Unready,
    ProbeClass::Rejected,
    ProbeClass::Exhausted,
    ProbeClass::Panicked,
    ProbeClass::Other,
];

pub(super) fn error(class: ProbeClass) -> ProbeError {
    ProbeError::new(class, SECRET)
}

/// A check that is well.
pub(super) fn check(name: &str) -> CheckReport {
    CheckReport {
        name: name.into(),
        criticality: Criticality::Critical,
        status: CheckStatus::Ok,
        failing_open: false,
        error: None,
        took: Some(Duration::from_micros(1_250)),
        measured: None,
        age: Some(Duration::from_millis(800)),
        asked: 7,
        recovers_in: Duration::from_millis(6_400),
        lately: Lately::default(),
    }
}

/// A check that fails.
pub(super) fn failing(name: &str, class: ProbeClass) -> CheckReport {
    let change = Transition {
        at: Timestamp::from_unix_millis(1_764_404_081_000),
        from: Standing::Up,
        to: Standing::Down,
        lasted: Duration::from_secs(90),
        class: Some(class),
    };
    let lately = Lately { changes: [change].into(), p95: Some(Duration::from_millis(3)) };
    CheckReport { status: CheckStatus::Error, error: Some(error(class)), took: None, lately, ..check(name) }
}

/// A process with these checks, as far in its life as `stage` says.
pub(super) fn report(stage: Stage, checks: Vec<CheckReport>) -> Report {
    Report {
        identity: Identity { service: "shop".into(), version: "2.0.0".into(), pid: 4_711 },
        state: State::of(stage, &checks),
        at: Timestamp::from_unix_millis(1_764_404_083_120),
        uptime: Duration::from_millis(90_061_234),
        rss: Some(48_234_496),
        checks,
        startup: Vec::new(),
        live: Vec::new(),
    }
}

/// Every state there is.
pub(super) fn any_report() -> impl Strategy<Value = Report> {
    let stages =
        [Stage::Starting, Stage::Serving, Stage::Draining, Stage::Closing, Stage::Cutting, Stage::Stopped];
    let stage = prop::sample::select(stages.to_vec());
    let parts =
        (vec(any_check(), 0..6), vec(any_check(), 0..3), vec(any_local(), 0..3), option::of(any::<u64>()));
    (stage, parts, any::<u64>(), any::<u32>()).prop_map(
        |(stage, (checks, startup, live, rss), at, uptime)| Report {
            startup: numbered(startup, "startup"),
            live: live
                .into_iter()
                .enumerate()
                .map(|(at, error)| LocalReport { name: format!("live.{at}").into(), error })
                .collect(),
            rss,
            at: Timestamp::from_unix_millis(at),
            uptime: Duration::from_millis(uptime.into()),
            ..report(stage, numbered(checks, "check"))
        },
    )
}

/// Names are unique, as the builder wants them.
fn numbered(checks: Vec<CheckReport>, word: &str) -> Vec<CheckReport> {
    let name = |(at, check)| CheckReport { name: format!("{word}-{at}").into(), ..check };
    checks.into_iter().enumerate().map(name).collect()
}

fn any_check() -> impl Strategy<Value = CheckReport> {
    let status = prop::sample::select(vec![CheckStatus::Ok, CheckStatus::Error, CheckStatus::Unknown]);
    let criticality =
        prop::sample::select(vec![Criticality::Critical, Criticality::Degrades, Criticality::Informs]);
    let took = option::of((0u64..90_000_000_000).prop_map(Duration::from_nanos));
    let measured = option::of((any::<u64>(), prop::sample::select(vec!["percent", "bytes"])));
    (status, criticality, any::<bool>(), any_local(), took, measured).prop_map(
        |(status, criticality, failing_open, error, took, measured)| CheckReport {
            status,
            criticality,
            failing_open,
            error,
            took,
            measured: measured.map(|(value, unit)| Measured { value, unit }),
            ..failing("x", ProbeClass::Refused)
        },
    )
}

fn any_local() -> impl Strategy<Value = Option<ProbeError>> {
    option::of(prop::sample::select(CLASSES.to_vec()).prop_map(error))
}
