//! The run in progress: at most one, with the driver that carries it out.

use handover_core::{OpId, Timestamp};
use handover_traffic::Observed;

use super::Core;
use crate::api::{AgentStatus, RunEnd, RunRequest, RunView, SettleRequest, ViewsSaid};
use crate::denied::Denied;
use crate::state::{AgentState, StoredRun};

impl Core {
    /// Makes a run active and starts its driver; the same run twice is once.
    pub(crate) async fn start_run(&self, request: RunRequest) -> Result<RunView, Denied> {
        // Until its driver has the lease, the run has a time to live without one.
        self.lease.expect_holder();
        let lease = self.lease.current();
        let since = Timestamp::now();
        let run = self
            .state
            .change(move |state| match &state.run {
                Some(active) if active.request.run == request.run => Ok(active.clone()),
                Some(active) => {
                    let run = active.request.run.clone();
                    Err(Denied::held(format!("run {run} is in progress"), lease, Some(run), active.since))
                }
                None => {
                    let run = StoredRun { request, since, guard: None };
                    state.run = Some(run.clone());
                    Ok(run)
                }
            })
            .await?;
        self.drivers.look_after(&run.request.run);
        Ok(self.run_view(&run))
    }

    /// Ends the active run; ending it twice is once.
    pub(crate) async fn end_run(&self, end: RunEnd) -> Result<RunView, Denied> {
        let run = self.state.change(move |state| end_run(state, end)).await?;
        // Nobody looks any more: what was seen last is no news.
        self.views.keep(Vec::new());
        Ok(self.run_view(&run))
    }

    /// Keeps what the active run's driver counts at its views.
    pub(crate) fn hear_views(&self, said: ViewsSaid) -> Result<(), Denied> {
        let state = self.state.get();
        if state.run.as_ref().is_none_or(|active| active.request.run != said.run) {
            return Err(Denied::not_found(format!("run {} is not in progress", said.run)));
        }
        self.views.keep(said.views);
        Ok(())
    }

    /// Names the new stable release; what the other slot holds is retained, or stopped at once.
    pub(crate) async fn settle(&self, request: SettleRequest) -> Result<AgentStatus, Denied> {
        self.supervisor.check_fence(request.fence)?;
        let split = self.proxy.route().split;
        if split.sole() != Some(request.stable) {
            return Err(Denied::refused(format!(
                "{} does not have all of the traffic ({split})",
                request.stable
            )));
        }
        self.state.change(move |state| settle(state, &request)).await?;
        self.supervisor.sweep().await;
        self.status().await
    }

    /// Goes on with the run that an earlier agent left active.
    pub(super) async fn look_after_run(&self) {
        let Some(run) = self.state.get().run.clone() else { return };
        self.finish_guard(&run).await;
        self.drivers.look_after(&run.request.run);
    }

    /// The agent was killed between writing down why it takes the traffic back and doing so.
    async fn finish_guard(&self, run: &StoredRun) {
        let loses = self.proxy.route().split.bps(run.request.candidate) > 0;
        if let (Some(note), Some(stable), true) = (&run.guard, run.request.stable, loses) {
            let op = OpId::new(format!("guard/{}/{}", run.request.run, note.fence));
            let (_, unsaved): (Observed, _) = self.switcher.panic_to(stable, op).await;
            if let Some(error) = unsaved {
                tracing::error!(%error, "the route is in force, but not on disk");
            }
        }
    }

    /// A run as clients see it.
    pub(super) fn run_view(&self, run: &StoredRun) -> RunView {
        let (driver, drivers_started) = self.drivers.of(&run.request.run);
        RunView {
            request: run.request.clone(),
            driver,
            drivers_started,
            since: run.since,
            guard: run.guard.clone(),
        }
    }
}

fn end_run(state: &mut AgentState, end: RunEnd) -> Result<StoredRun, Denied> {
    if let Some(run) = state.run.take_if(|run| run.request.run == end.run) {
        state.last_run = Some((run.clone(), end));
        return Ok(run);
    }
    match &state.last_run {
        Some((run, ended)) if ended.run == end.run => Ok(run.clone()),
        _ => Err(Denied::not_found(format!("run {} is not in progress", end.run))),
    }
}

fn settle(state: &mut AgentState, request: &SettleRequest) -> Result<(), Denied> {
    let (stable, other) = (request.stable, request.stable.other());
    match &mut state.slots[stable] {
        Some(stored) if stored.release == request.release => stored.retained_until = None,
        _ => return Err(Denied::refused(format!("{stable} does not hold {}", request.release))),
    }
    state.stable = Some((stable, request.release.clone()));
    let until = Timestamp::now().plus(std::time::Duration::from_millis(request.retain_ms));
    if let Some(former) = &mut state.slots[other] {
        // Settling again must not prolong it: the same request twice is once.
        former.retained_until = Some(former.retained_until.map_or(until, |before| before.min(until)));
    }
    Ok(())
}
