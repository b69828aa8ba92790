//! Plans, records and a status made by hand, for the tests of what is shown.

use std::path::PathBuf;
use std::time::Duration;

use handover_core::{BySlot, Fence, Slot, Timestamp};
use handover_edge::api::{
    AgentStatus, HealthSpec, InstanceState, InstanceView, LeaseView, Recent, ReleaseSpec, RunRequest,
    RunView, SlotView,
};
use handover_rollout::{AnalysisKind, Hooks, JudgeSpec, Kind, OnNoData, Plan, Stage};
use handover_runbook::{Body, Ending, FORMAT, Record, RunSummary};
use handover_traffic::{InFlight, Observed, Revision, Route, Split};

/// 2026-11-23 01:12:44Z.
pub(super) const BEGAN: Timestamp = Timestamp::from_unix_millis(1_795_396_364_000);

/// Must never be shown.
pub(super) const SECRET: &str = "c0ffee-secret-pin";

/// The plan of a canary, v42 over v41.
pub(super) fn plan() -> Plan {
    Plan {
        format: Plan::FORMAT,
        service: "shop".parse().unwrap(),
        run: "20261123-011244-abcd".parse().unwrap(),
        kind: Kind::Deploy,
        candidate: "v42".parse().unwrap(),
        slot: Slot::Green,
        stable: Some("v41".parse().unwrap()),
        evict: None,
        stages: vec![Stage {
            weight_bps: 1_000,
            min_time: Duration::from_mins(5),
            min_requests: 500,
            max_time: Duration::from_hours(1),
        }],
        start_limit: Duration::from_mins(1),
        bake: Duration::from_mins(15),
        retain: Duration::from_hours(24),
        drain: Duration::from_secs(30),
        smoke: Vec::new(),
        views: None,
        flags: Vec::new(),
        flag_store: None,
        migrations: None,
        judge: JudgeSpec {
            analysis: AnalysisKind::Sequential,
            max_error_rate: 0.05,
            max_p95: Duration::from_millis(500),
            max_p95_ratio: 2.0,
            min_requests: 50,
            min_errors: 5,
            error_cluster: 1.0,
            exact_share: true,
            on_no_data: OnNoData::Wait,
        },
        hooks: Hooks { folder: PathBuf::from("/"), limit: Duration::from_mins(1), ..Hooks::default() },
        by: "ann@host".into(),
    }
}

/// Records of one run, a second and a half apart.
pub(super) fn records(bodies: impl IntoIterator<Item = Body>) -> Vec<Record> {
    let record = |(seq, body): (u64, Body)| Record {
        format: FORMAT,
        run: plan().run,
        seq,
        at: BEGAN.plus(Duration::from_millis(seq * 1_500)),
        fence: Fence::new(1),
        body,
        prev: String::new(),
        hash: String::new(),
    };
    (0..).zip(bodies).map(record).collect()
}

/// The run of these records as the journal lists it.
pub(super) fn summary(records: &[Record]) -> RunSummary {
    let (first, last) = (records.first().unwrap(), records.last().unwrap());
    let sealed = match &first.body {
        Body::Sealed { plan } => plan.clone(),
        _ => serde_json::Value::Null,
    };
    let ending: Option<Ending> = match &last.body {
        Body::Ended { ending } => Some(ending.clone()),
        _ => None,
    };
    RunSummary { run: first.run.clone(), began: first.at, last: last.at, ending, plan: sealed }
}

/// An agent in the middle of that plan: 10 % on green, whose second instance is not ready.
pub(super) fn status() -> AgentStatus {
    let run = plan().run;
    AgentStatus {
        version: 1,
        build: "0.1.0".into(),
        service: plan().service,
        pid: 4_711,
        since: BEGAN,
        listen: "0.0.0.0:8080".into(),
        route: Observed {
            route: Route::serve(Split::from_green_bps(1_000).unwrap()),
            revision: Revision::new(7),
            last_op: None,
            fence: Some(Fence::new(3)),
            in_flight: Some(BySlot {
                blue: InFlight { requests: 3, streams: 1, upgrades: 2 },
                green: InFlight::default(),
            }),
            served: Some(BySlot { blue: 120_000, green: 402 }),
            moving: false,
        },
        stable: Some((Slot::Blue, "v41".parse().unwrap())),
        slots: BySlot {
            blue: slot(Slot::Blue, "v41", &[None]),
            green: slot(Slot::Green, "v42", &[None, Some("503 \u{1b}[2Jfrom /health")]),
        },
        recent: BySlot {
            blue: Recent {
                n: 12_345,
                errors: 2,
                p50: Some(0.004),
                p95: Some(0.012),
                p99: Some(0.031),
                rate: 205.7,
                seconds: (0..60).map(|second| 190 + second % 30).collect(),
            },
            green: Recent { n: 402, errors: 81, rate: 6.7, seconds: vec![0, 3, 9, 7], ..Recent::default() },
        },
        lease: Some(LeaseView {
            holder: format!("driver of {run} (pid 99)"),
            pid: 99,
            fence: Fence::new(3),
            since: BEGAN,
            ttl_ms: 15_000,
            left_ms: 12_000,
        }),
        run: Some(RunView {
            request: RunRequest { run, candidate: Slot::Green, stable: Some(Slot::Blue) },
            driver: Some(99),
            drivers_started: 2,
            since: BEGAN,
            guard: None,
        }),
        last_end: None,
        last_guard: None,
    }
}

/// The same agent with nothing going on.
pub(super) fn idle() -> AgentStatus {
    AgentStatus { run: None, lease: None, ..status() }
}

fn slot(slot: Slot, release: &str, troubles: &[Option<&str>]) -> SlotView {
    let instance = |(index, trouble): (u16, Option<&str>)| InstanceView {
        index,
        port: 20_000 + index,
        pid: Some(500 + u32::from(index)),
        state: if trouble.is_some() { InstanceState::Unready } else { InstanceState::Ready },
        restarts: u32::from(trouble.is_some()),
        trouble: trouble.map(str::to_owned),
    };
    SlotView {
        slot,
        release: Some(release.parse().unwrap()),
        run: Some(plan().run),
        instances: (0..).zip(troubles.iter().copied()).map(instance).collect(),
        failure: None,
        pin: Some(SECRET.into()),
        retained_until: None,
    }
}

/// How a release is run.
pub(super) fn spec(id: &str) -> ReleaseSpec {
    ReleaseSpec {
        id: id.parse().unwrap(),
        command: "./server --port $PORT".into(),
        env_file: None,
        instances: 2,
        grace: Duration::from_secs(30),
        health: HealthSpec {
            path: "/health".into(),
            interval: Duration::from_secs(1),
            timeout: Duration::from_secs(1),
            rise: 1,
            fall: 3,
            start_limit: Duration::from_mins(1),
        },
        in_place: None,
        log_cap: 1_000_000,
        frozen_at: BEGAN,
    }
}
