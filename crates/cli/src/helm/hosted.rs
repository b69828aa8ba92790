use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use handover_core::{Fence, OpId, ReleaseId, ServiceName, Slot};
use handover_edge::ClientError;
use handover_edge::api::{AgentStatus, ApiError, ApiErrorKind, LeaseView, PanicRequest, RunRequest};
use handover_rollout::hosted::{Host, Roster, Seat, Standing};
use handover_rollout::{Front, Launcher, ProbeAnswer};
use handover_runbook::{Order, Orders as _, SqliteStore};
use handover_traffic::{
    Change, Drained, Expected, Observed, Revision, Route, Split, SwitchError, TrafficSwitcher,
};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::Brief;
use super::inspect::Inspector;
use super::surroundings::WindowSetup;
use super::{foreground, picture};
use crate::report::Failure;
use crate::run;
use crate::views::Mark;

/// The roster's file in the state folder: which release sits where.
pub(super) const ROSTER: &str = "slots.json";
/// The logbook's file in the state folder: what was changed at the backend.
pub(super) const LOGBOOK: &str = "traffic.json";

/// A service whose traffic and releases are reached from this process.
#[derive(Debug)]
pub(crate) struct Hosted {
    pub(super) backend: &'static str,
    pub(super) service: ServiceName,
    /// Where its users reach it, for people.
    pub(super) listen: String,
    pub(super) state_dir: PathBuf,
    pub(super) traffic: Arc<dyn TrafficSwitcher>,
    /// The same without anything that is written: what a full disk would stop.
    pub(super) bare_traffic: Arc<dyn TrafficSwitcher>,
    pub(super) host: Arc<dyn Host>,
    pub(super) launcher: Arc<dyn Launcher>,
    pub(super) front: Arc<dyn Front>,
    /// How what is asked from outside is told from users' requests.
    pub(super) mark: Mark,
    pub(super) windows: WindowSetup,
    pub(super) inspector: Inspector,
    pub(super) roster: Roster,
    pub(super) driver: Mutex<Driver>,
    pub(super) seen: tokio::sync::Mutex<Option<(Instant, AgentStatus)>>,
}

/// The driver in this process.
#[derive(Debug, Default)]
pub(super) struct Driver {
    task: Option<JoinHandle<()>>,
    gave_up: Option<Failure>,
}

impl Hosted {
    /// The backend's name.
    pub(crate) const fn name(&self) -> &'static str {
        self.backend
    }

    /// Where its users reach it.
    pub(crate) fn address(&self) -> &str {
        &self.listen
    }

    /// How what is asked from outside is told from users' requests.
    pub(crate) fn mark(&self) -> Mark {
        self.mark.clone()
    }

    /// Who answers there.
    pub(crate) async fn probe(&self) -> ProbeAnswer {
        self.front.probe().await
    }

    pub(crate) fn traffic(&self) -> Arc<dyn TrafficSwitcher> {
        Arc::clone(&self.traffic)
    }

    pub(super) fn state_dir(&self) -> &Path {
        &self.state_dir
    }

    pub(super) async fn store(&self) -> Result<Arc<SqliteStore>, ClientError> {
        run::open_journal(&self.state_dir).await.map_err(|failure| own_trouble(&failure))
    }

    /// How things stand; while a run is followed, as old as the backend wants to be asked.
    pub(super) async fn status(&self) -> Result<AgentStatus, ClientError> {
        let mut seen = self.seen.lock().await;
        if let Some((at, status)) = seen.as_ref()
            && self.is_driving()
            && at.elapsed() < self.traffic.capabilities().observe_every
        {
            return picture::refreshed(self, status.clone()).await;
        }
        let status = picture::take(self).await?;
        *seen = Some((Instant::now(), status.clone()));
        Ok(status)
    }

    /// Which release sits where; before the first deployment, what serves already counts as stable.
    pub(super) async fn standing(&self, split: Split) -> Result<Standing, ClientError> {
        let mut standing = self.roster.read().map_err(|error| refused(&error.to_string()))?;
        if let (None, Some(slot)) = (standing.stable, split.sole())
            && standing.seats[slot].is_none()
            && let Ok(Some(found)) = self.host.found(slot).await
        {
            let name = self.as_it_answers(found).await;
            (standing.stable, standing.seats[slot]) = (Some(slot), Seat::adopted(name));
        }
        Ok(standing)
    }

    /// What was there before calls itself what its answers say: only so can it be known again.
    async fn as_it_answers(&self, found: ReleaseId) -> ReleaseId {
        let names_a_slot = |name: &ReleaseId| Slot::BOTH.iter().any(|slot| slot.as_str() == name.as_str());
        match self.front.probe().await {
            ProbeAnswer::Release(name) if !names_a_slot(&name) => name,
            _ => found,
        }
    }

    /// What the roster and the journal say.
    pub(crate) async fn brief(&self) -> Result<Brief, ClientError> {
        let standing = self.roster.read().map_err(|error| refused(&error.to_string()))?;
        let stable = standing.stable().map(|(slot, release)| (slot, release.clone()));
        let active = picture::active(self.store().await?.as_ref()).await;
        let active = active.map_err(|error| picture::unreadable(&error))?;
        let run = active.map(|run| run.request.run);
        Ok(Brief { stable, retained_until: standing.retained_until, run })
    }

    /// From now on the release that was there before handover is the stable one, to go back to.
    pub(super) async fn adopt(&self) -> Result<(), ClientError> {
        let split = self.observe().await?.route.split;
        let standing = self.standing(split).await?;
        let (fence, stable, seats) = (standing.fence, standing.stable, standing.seats);
        let adopted = self.roster.edit(fence, |kept| (kept.stable, kept.seats) = (stable, seats));
        adopted.map(drop).map_err(|error| refused(&error.to_string()))
    }

    /// Where traffic goes. Before the first deployment, where nothing has any, that is blue's to come: nobody is in green.
    pub(super) async fn observe(&self) -> Result<Observed, ClientError> {
        match self.traffic.observe().await {
            Err(SwitchError::Elsewhere { .. }) if self.is_new() => Ok(Observed {
                route: Route::serve(Split::ALL_GREEN),
                revision: Revision::new(0),
                last_op: None,
                fence: None,
                in_flight: None,
                served: None,
                moving: false,
            }),
            seen => seen.map_err(|error| not_switched(&error)),
        }
    }

    /// Whether handover never put a release anywhere.
    fn is_new(&self) -> bool {
        self.roster.read().is_ok_and(|standing| {
            standing.stable.is_none() && Slot::BOTH.into_iter().all(|slot| standing.seats[slot].is_none())
        })
    }

    pub(super) async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, ClientError> {
        self.traffic.drain(slot, limit).await.map_err(|error| not_switched(&error))
    }

    /// All to one slot: neither the journal nor the lease can stop it. A driver that lives is fenced off, and told.
    pub(super) async fn panic(&self, request: &PanicRequest) -> Result<Observed, ClientError> {
        let standing = self.roster.read().map_err(|error| refused(&error.to_string()))?;
        let slot =
            request.to.or(standing.stable).ok_or_else(|| refused("no release is known to be stable yet"))?;
        let seen = self.traffic.observe().await.ok().and_then(|seen| seen.fence);
        let fence = seen.unwrap_or(Fence::ZERO).max(standing.fence).next();
        let (route, op): (_, OpId) = (Route::serve(Split::all(slot)), request.op.clone());
        let change = Change { route, expected: Expected::Any, op, fence };
        let after = self.break_through(&change).await.map_err(|error| not_switched(&error))?;
        self.tell_driver(&request.why).await;
        Ok(after)
    }

    /// Where nothing can be written down, as on a full disk, the change is made all the same: a driver that lives then
    /// finds it made by a stranger.
    async fn break_through(&self, change: &Change) -> Result<Observed, SwitchError> {
        match self.traffic.apply(change).await {
            Err(SwitchError::Refused { .. }) => self.bare_traffic.apply(change).await,
            answer => answer,
        }
    }

    /// A run that goes on has to follow. Where the journal cannot be written, its driver is fenced off all the same.
    async fn tell_driver(&self, why: &str) {
        let Ok(store) = self.store().await else { return };
        let Ok(Some(active)) = picture::active(store.as_ref()).await else { return };
        let order = Order::TurnBack { verb: "rollback".into(), reason: Some(why.to_owned()) };
        let _ = store.give(&active.request.run, order, "break-glass").await;
    }

    pub(super) async fn start_run(self: &Arc<Self>, request: &RunRequest) -> Result<(), ClientError> {
        if self.is_driving() || self.lease().await?.is_some() {
            return Ok(());
        }
        let (hosted, run) = (Arc::clone(self), request.run.clone());
        let task = tokio::spawn(async move {
            if let Err(failure) = Box::pin(foreground::drive(&hosted, &run)).await {
                hosted.driver().gave_up = Some(failure);
            }
        });
        self.driver().task = Some(task);
        Ok(())
    }

    pub(super) fn is_driving(&self) -> bool {
        self.driver().task.as_ref().is_some_and(|task| !task.is_finished())
    }

    pub(super) fn gave_up(&self) -> Option<Failure> {
        self.driver().gave_up.take()
    }

    fn driver(&self) -> MutexGuard<'_, Driver> {
        self.driver.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a switcher said, as an agent would have said it.
pub(super) fn not_switched(error: &SwitchError) -> ClientError {
    let source = std::error::Error::source(error);
    let causes = std::iter::successors(source, |cause| cause.source()).map(ToString::to_string).collect();
    let kind = match error {
        SwitchError::Conflict { expected, found } => {
            ApiErrorKind::Conflict { expected: *expected, found: *found }
        }
        SwitchError::Fenced { offered, seen } => ApiErrorKind::Fenced { offered: *offered, seen: *seen },
        SwitchError::Unconfirmed { after, .. } => {
            let source = Some(error.to_string().into());
            return ClientError::Unconfirmed { call: "the change".into(), after: *after, source };
        }
        _ => ApiErrorKind::Refused,
    };
    ApiError { kind, message: error.to_string(), causes }.into()
}

pub(super) fn refused(message: &str) -> ClientError {
    ApiError { kind: ApiErrorKind::Refused, message: message.to_owned(), causes: Vec::new() }.into()
}

/// The journal or the lease cannot be used.
pub(super) fn own_trouble(failure: &Failure) -> ClientError {
    let message = failure.attempted().to_owned();
    ApiError { kind: ApiErrorKind::Failed, message, causes: failure.causes().to_vec() }.into()
}

/// The lease somebody holds.
pub(super) fn held(lease: LeaseView) -> ClientError {
    let since = lease.since;
    let message = format!("{} holds the lease", lease.holder);
    let kind = ApiErrorKind::Held { lease: Some(lease), run: None, since };
    ApiError { kind, message, causes: Vec::new() }.into()
}
