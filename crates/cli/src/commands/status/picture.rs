//! What `handover status` shows, as values. Nothing gets in here by itself, so no secret of the agent's can leave
//! through it: the pin of a slot for one is left out.

use std::collections::BTreeMap;

use handover_core::{BySlot, Fence, ReleaseId, RunId, Slot, Timestamp};
use handover_edge::api::{
    AgentStatus, GuardNote, InstanceState, InstanceView, LaunchFailure, LeaseView, Recent, RunEnd,
};
use handover_flags::FlagName;
use handover_rollout::{
    FlagFate, MigrationCheck, Outcome, Plan, ViewLine, flag_fates, flag_warnings, view_lines,
};
use handover_runbook::Record;
use handover_traffic::{InFlight, Mode, Split};
use serde::Serialize;

use crate::follow::Stand;

/// The version of the JSON form.
const VERSION: u32 = 1;

/// A service at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Picture {
    version: u32,
    /// Which service; unknown where no agent runs and no settings were read.
    pub(super) service: Option<String>,
    /// When the picture was taken.
    pub(super) at: Timestamp,
    /// What the agent says, where one runs.
    #[serde(flatten)]
    pub(super) live: Option<Live>,
    /// The latest run in the journal.
    pub(super) run: Option<RunPicture>,
}

/// What only a running agent knows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Live {
    /// The agent's own process; `null` where there is no agent.
    pub(super) agent: Option<AgentPicture>,
    /// Where users reach the service.
    pub(super) listen: String,
    /// The backend that was asked instead; `null` where there is an agent.
    pub(super) backend: Option<&'static str>,
    /// Where requests go.
    pub(super) route: RoutePicture,
    /// Whether somebody else has moved the traffic since the last change that was made through handover.
    pub(super) drifted: bool,
    /// The last release verified at 100 %.
    pub(super) stable: Option<StablePicture>,
    /// Both slots.
    pub(super) slots: BySlot<SlotPicture>,
    /// Who may act.
    pub(super) lease: Option<LeaseView>,
    /// The run the agent looks after.
    pub(super) active: Option<ActivePicture>,
    /// How the last run ended.
    pub(super) last_end: Option<RunEnd>,
    /// The last time the guard acted, or somebody broke the glass.
    pub(super) last_guard: Option<GuardNote>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct AgentPicture {
    pub(super) pid: u32,
    pub(super) since: Timestamp,
    pub(super) build: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct RoutePicture {
    pub(super) blue_bps: u16,
    pub(super) green_bps: u16,
    pub(super) hold_until: Option<Timestamp>,
    pub(super) revision: u64,
    pub(super) fence: Option<Fence>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct StablePicture {
    pub(super) slot: Slot,
    pub(super) release: ReleaseId,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct SlotPicture {
    pub(super) release: Option<ReleaseId>,
    pub(super) share_bps: u16,
    pub(super) ready: usize,
    pub(super) instances: Vec<InstanceView>,
    pub(super) failure: Option<LaunchFailure>,
    pub(super) retained_until: Option<Timestamp>,
    pub(super) recent: Recent,
    pub(super) in_flight: Option<InFlight>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct ActivePicture {
    pub(super) run: RunId,
    pub(super) since: Timestamp,
    pub(super) driver: Option<u32>,
    pub(super) drivers_started: u32,
}

/// The latest run, from the journal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct RunPicture {
    pub(super) run: RunId,
    pub(super) release: Option<ReleaseId>,
    pub(super) began: Timestamp,
    pub(super) last: Timestamp,
    pub(super) outcome: Outcome,
    /// Where the run is, while it goes on.
    pub(super) stand: Option<Stand>,
    /// How it was last seen from outside, where it is watched from there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) views: Vec<ViewLine>,
    /// What last became of each flag that belongs to it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) flags: BTreeMap<FlagName, FlagFate>,
    /// What was found in the migrations that go with it, and who accepted what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) migrations: Option<MigrationCheck>,
    /// What its way back could not do about flags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) warnings: Vec<String>,
}

impl Picture {
    /// Puts the picture together; `records` are those of the latest run.
    pub(super) fn of(
        service: Option<String>,
        status: Option<&AgentStatus>,
        records: &[Record],
        at: Timestamp,
    ) -> Self {
        let live = status.map(Live::of);
        let service = service.or_else(|| status.map(|status| status.service.to_string()));
        Self { version: VERSION, service, at, live, run: RunPicture::of(records, status) }
    }
}

impl Picture {
    /// The same of a backend without an agent.
    pub(super) fn hosted_by(mut self, backend: Option<&'static str>) -> Self {
        if let (Some(live), Some(_)) = (&mut self.live, backend) {
            (live.agent, live.backend) = (None, backend);
        }
        self
    }
}

/// What has a name was made through handover, and while a run goes on it looks itself.
fn is_drift(status: &AgentStatus) -> bool {
    let (route, stable) = (&status.route, status.stable.as_ref().filter(|_| status.run.is_none()));
    stable.is_some_and(|(slot, _)| route.route.split.bps(*slot) < Split::WHOLE) && route.last_op.is_none()
}

impl Live {
    fn of(status: &AgentStatus) -> Self {
        let AgentStatus { pid, since, build, listen, .. } = status.clone();
        let (route, split) = (&status.route, status.route.route.split);
        let active = status.run.as_ref().map(|run| ActivePicture {
            run: run.request.run.clone(),
            since: run.since,
            driver: run.driver,
            drivers_started: run.drivers_started,
        });
        Self {
            agent: Some(AgentPicture { pid, since, build }),
            backend: None,
            listen,
            route: RoutePicture {
                blue_bps: split.bps(Slot::Blue),
                green_bps: split.bps(Slot::Green),
                hold_until: match route.route.mode {
                    Mode::Serve => None,
                    Mode::Hold { until } => Some(until),
                },
                revision: route.revision.get(),
                fence: route.fence,
            },
            drifted: is_drift(status),
            stable: status.stable.clone().map(|(slot, release)| StablePicture { slot, release }),
            slots: BySlot::from_fn(|slot| SlotPicture::of(status, slot)),
            lease: status.lease.clone(),
            active,
            last_end: status.last_end.clone(),
            last_guard: status.last_guard.clone(),
        }
    }
}

impl SlotPicture {
    fn of(status: &AgentStatus, slot: Slot) -> Self {
        let view = &status.slots[slot];
        Self {
            release: view.release.clone(),
            share_bps: status.route.route.split.bps(slot),
            ready: view.instances.iter().filter(|instance| instance.state == InstanceState::Ready).count(),
            instances: view.instances.clone(),
            failure: view.failure.clone(),
            retained_until: view.retained_until,
            recent: status.recent[slot].clone(),
            in_flight: status.route.in_flight.map(|all| all[slot]),
        }
    }
}

impl RunPicture {
    fn of(records: &[Record], status: Option<&AgentStatus>) -> Option<Self> {
        let (first, last) = records.first().zip(records.last())?;
        let outcome = Outcome::of(records);
        // A plan of a newer version, or a damaged one, still leaves a run that began and ended.
        let plan = match &first.body {
            handover_runbook::Body::Sealed { plan } => Plan::from_sealed(plan).ok(),
            _ => None,
        };
        let going_on = plan.as_ref().filter(|_| outcome == Outcome::Unfinished);
        Some(Self {
            run: first.run.clone(),
            stand: going_on.map(|plan| Stand::of(plan, records, status)),
            release: plan.as_ref().map(|plan| plan.candidate.clone()),
            migrations: plan.and_then(|plan| plan.migrations),
            began: first.at,
            last: last.at,
            outcome,
            views: view_lines(records),
            flags: flag_fates(records),
            warnings: flag_warnings(records),
        })
    }
}
