//! How things stand where there is no agent to ask: from the backend, the roster and the journal.

use handover_core::{BySlot, Slot, Timestamp};
use handover_edge::ClientError;
use handover_edge::api::{
    AgentStatus, InstanceState, InstanceView, LaunchFailure, Recent, RunRequest, RunView, SlotView, VERSION,
};
use handover_rollout::hosted::Standing;
use handover_rollout::{Occupant, Plan};
use handover_runbook::{Body, Journal, JournalError};

use super::hosted::{Hosted, own_trouble};
use crate::exit::Exit;
use crate::report::Failure;

/// Asks everybody.
pub(super) async fn take(hosted: &Hosted) -> Result<AgentStatus, ClientError> {
    let route = hosted.observe().await?;
    let standing = hosted.standing(route.route.split).await?;
    let slots = BySlot {
        blue: slot(hosted, &standing, Slot::Blue).await,
        green: slot(hosted, &standing, Slot::Green).await,
    };
    let status = AgentStatus {
        version: VERSION,
        build: env!("CARGO_PKG_VERSION").into(),
        service: hosted.service.clone(),
        pid: std::process::id(),
        since: Timestamp::now(),
        listen: hosted.listen.clone(),
        route,
        stable: standing.stable().map(|(slot, release)| (slot, release.clone())),
        slots,
        recent: BySlot::from_fn(|_| Recent::default()),
        lease: None,
        run: None,
        last_end: None,
        last_guard: None,
    };
    refreshed(hosted, status).await
}

/// The same with what costs the backend nothing asked anew.
pub(super) async fn refreshed(hosted: &Hosted, mut status: AgentStatus) -> Result<AgentStatus, ClientError> {
    status.lease = hosted.lease().await?;
    let store = hosted.store().await?;
    status.run = active(store.as_ref()).await.map_err(|error| unreadable(&error))?;
    let driver = status.lease.as_ref().map(|lease| lease.pid);
    status.run = status.run.map(|run| RunView { driver, ..run });
    status.recent = hosted.windows.recent().await;
    Ok(status)
}

/// The run that has not ended, if there is one.
pub(super) async fn active(journal: &dyn Journal) -> Result<Option<RunView>, JournalError> {
    let runs = journal.runs().await?;
    let Some(summary) = runs.into_iter().find(|summary| summary.ending.is_none()) else { return Ok(None) };
    let records = journal.read(&summary.run, 0).await?;
    let plan = records.first().and_then(|record| match &record.body {
        Body::Sealed { plan } => Plan::from_sealed(plan).ok(),
        _ => None,
    });
    let since = records.first().map_or_else(Timestamp::now, |record| record.at);
    Ok(plan.map(|plan| {
        let request = RunRequest { run: plan.run.clone(), candidate: plan.slot, stable: plan.stable_slot() };
        RunView { request, driver: None, drivers_started: 0, since, guard: None }
    }))
}

async fn slot(hosted: &Hosted, standing: &Standing, slot: Slot) -> SlotView {
    let seat = standing.seats[slot].as_ref();
    let kept = standing.stable.is_some_and(|stable| stable != slot) && seat.is_some();
    let empty = SlotView {
        slot,
        release: seat.map(|seat| seat.release.clone()),
        run: seat.map(|seat| seat.run.clone()),
        instances: Vec::new(),
        failure: None,
        pin: None,
        retained_until: standing.retained_until.filter(|_| kept),
    };
    match hosted.launcher.look(slot).await {
        Ok(Some(occupant)) => filled(empty, occupant),
        Ok(None) => empty,
        Err(error) => SlotView {
            instances: seat.map(|_| instance(false, error.to_string())).into_iter().collect(),
            ..empty
        },
    }
}

fn filled(view: SlotView, occupant: Occupant) -> SlotView {
    let failure = occupant.failure.map(|(cause, log_tail)| LaunchFailure { cause, log_tail });
    SlotView { instances: vec![instance(occupant.ready, occupant.summary)], failure, ..view }
}

/// What a host says of a release, in the place of its processes.
fn instance(ready: bool, summary: String) -> InstanceView {
    let state = if ready { InstanceState::Ready } else { InstanceState::Unready };
    let trouble = (!ready).then_some(summary);
    InstanceView { index: 0, port: 0, pid: None, state, restarts: 0, trouble }
}

pub(super) fn unreadable(error: &JournalError) -> ClientError {
    own_trouble(&Failure::of("could not read the journal", Exit::Refused, error))
}
