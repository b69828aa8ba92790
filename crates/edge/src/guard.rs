//! Acts when nobody else does: the dead-man of a silent driver, and a person's break-glass.
//!
//! Both raise the fence first, so that whoever wakes up later is too late, then write down why, then move the
//! traffic. Neither is stopped by a disk that takes nothing.

use std::sync::Arc;
use std::time::Duration;

use handover_core::{Fence, OpId, RunId, Slot, Timestamp};
use handover_traffic::Observed;
use tokio::time::{sleep, timeout};

use crate::api::{GuardNote, PanicRequest};
use crate::denied::Denied;
use crate::driver::Drivers;
use crate::lease::{LeaseKeeper, raise_fence};
use crate::local::LocalSwitcher;
use crate::proxy::Proxy;
use crate::state::{AgentState, StateStore, StoredRun};
use crate::supervise::Supervisor;

/// How often the guard looks; with the probe below it this leaves half of the second it has.
const LOOK: Duration = Duration::from_millis(50);

/// For stable to answer before it gets everything back.
const PROBE: Duration = Duration::from_millis(400);

/// Watches over the active run.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) state: Arc<StateStore>,
    pub(crate) lease: Arc<LeaseKeeper>,
    pub(crate) switcher: Arc<LocalSwitcher>,
    pub(crate) proxy: Proxy,
    pub(crate) supervisor: Arc<Supervisor>,
    pub(crate) drivers: Arc<Drivers>,
}

impl Guard {
    /// Watches for ever.
    pub(crate) async fn watch(self: Arc<Self>) {
        loop {
            sleep(LOOK).await;
            if let Some(run) = self.silent_run() {
                self.act(&run).await;
            }
        }
    }

    /// The active run, if its driver has given no sign of life for the lease's time to live.
    fn silent_run(&self) -> Option<StoredRun> {
        if !self.lease.is_silent() {
            return None;
        }
        self.state.get().run.clone()
    }

    async fn act(&self, run: &StoredRun) {
        let silent = self.lease.silent_for();
        if self.candidate_has_traffic(run) && run.guard.is_none() {
            match self.way_back(run).await {
                Ok(stable) => {
                    let why = format!("the driver gave no sign of life for {:.1} s", silent.as_secs_f64());
                    self.take_back_for(run, stable, why).await;
                }
                Err(why) => self.shout(run, &format!("the driver is silent, but {why}: traffic stays")).await,
            }
        }
        // A driver that holds still is of no use to anybody; the next one resumes the run.
        self.drivers.kill();
        self.lease.expect_holder();
    }

    fn candidate_has_traffic(&self, run: &StoredRun) -> bool {
        self.proxy.route().split.bps(run.request.candidate) > 0
    }

    /// The slot to go back to, if something there answers now.
    async fn way_back(&self, run: &StoredRun) -> Result<Slot, &'static str> {
        let stable = run.request.stable.ok_or("there is no release to go back to")?;
        let asked = timeout(PROBE, self.supervisor.answers(stable)).await;
        if asked.unwrap_or(false) { Ok(stable) } else { Err("the stable release does not answer") }
    }

    /// Everything to stable, in the driver's stead.
    pub(crate) async fn take_back_for(&self, run: &StoredRun, stable: Slot, why: String) {
        tracing::error!(run = %run.request.run, why, "the guard takes the traffic back to stable");
        let fence = self.write_down(stable, why).await;
        self.force(stable, OpId::new(format!("guard/{}/{fence}", run.request.run))).await;
    }

    /// A person's wish, without lease or journal.
    pub(crate) async fn panic(&self, request: PanicRequest) -> Result<Observed, Denied> {
        let state = self.state.get();
        let named = request.to.or(state.stable.as_ref().map(|(slot, _)| *slot));
        let Some(to) = named.or(state.run.as_ref().and_then(|run| run.request.stable)) else {
            return Err(Denied::refused("no release is known to be stable: name a slot"));
        };
        tracing::warn!(to = %to, why = request.why, "break-glass: everything to one slot");
        self.write_down(to, request.why).await;
        Ok(self.force(to, request.op).await)
    }

    /// Raises the fence and notes, for the active run, why its candidate loses the traffic.
    async fn write_down(&self, to: Slot, why: String) -> Fence {
        let state = Arc::clone(&self.state);
        let written = tokio::task::spawn_blocking(move || {
            let mut fence = Fence::ZERO;
            state.update_regardless(|state| fence = raise_and_note(state, to, why));
            fence
        });
        let fence = written.await.unwrap_or(self.state.get().highest_fence());
        if let Err(error) = self.switcher.raise_fence(fence).await {
            tracing::error!(%error, "the raised fence is not on disk");
        }
        fence
    }

    async fn force(&self, to: Slot, op: OpId) -> Observed {
        let (observed, unsaved) = self.switcher.panic_to(to, op).await;
        if let Some(error) = unsaved {
            tracing::error!(%error, "the route is in force, but not on disk");
            // Fences are handed out from here: they must stay above the one just used.
            let (state, record) = (Arc::clone(&self.state), self.switcher.record());
            let told = tokio::task::spawn_blocking(move || {
                state.update_regardless(|state| state.route = Some(record));
            });
            let _ = told.await;
        }
        observed
    }

    /// Nothing can be done: at least somebody shall know.
    async fn shout(&self, run: &StoredRun, why: &str) {
        tracing::error!(run = %run.request.run, why, "the guard cannot act");
        let (state, run, why) = (Arc::clone(&self.state), run.request.run.clone(), why.to_owned());
        let written = tokio::task::spawn_blocking(move || {
            state.update_regardless(|state| state.last_guard = Some(note(run, state.highest_fence(), why)));
        });
        // The log has it already.
        let _ = written.await;
    }
}

fn raise_and_note(state: &mut AgentState, to: Slot, why: String) -> Fence {
    let fence = raise_fence(state);
    if let Some(run) = state.run.as_mut().filter(|run| run.request.candidate != to && run.guard.is_none()) {
        let note = note(run.request.run.clone(), fence, why);
        run.guard = Some(note.clone());
        state.last_guard = Some(note);
    }
    fence
}

fn note(run: RunId, fence: Fence, why: String) -> GuardNote {
    GuardNote { run, fence, at: Timestamp::now(), why }
}
