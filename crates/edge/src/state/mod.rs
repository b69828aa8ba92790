//! What the agent must still know when it is started again.
//!
//! One small value, replaced as a whole: every change is on disk before it is in force. Reading never waits for a
//! write.

mod error;
mod file;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use handover_core::{BySlot, Fence, ReleaseId, RunId, ServiceName, Slot, Timestamp};
use serde::{Deserialize, Serialize};

use crate::api::{GuardNote, LaunchFailure, RunEnd, RunRequest, WatchRequest};
use crate::local::{RouteRecord, RouteStore};
use crate::process::{self, ProcessId};
pub use error::StateError;

/// The state file's name in the state directory.
pub(crate) const STATE_FILE: &str = "agent.json";

/// Everything in the state file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AgentState {
    /// Whose state this is.
    pub(crate) service: ServiceName,
    /// The boot it was written in: another one means that every process of it is gone.
    pub(crate) boot: String,
    /// The route in force; `None` until the first change.
    pub(crate) route: Option<RouteRecord>,
    /// The highest fence handed out.
    pub(crate) fence: Fence,
    pub(crate) lease: Option<StoredLease>,
    pub(crate) slots: BySlot<Option<StoredSlot>>,
    /// The last release verified at 100 %.
    pub(crate) stable: Option<(Slot, ReleaseId)>,
    pub(crate) run: Option<StoredRun>,
    /// The watch in force, with its epoch; epochs only grow.
    pub(crate) watch: Option<WatchRequest>,
    pub(crate) epoch: u64,
    /// The last run that ended, and how.
    pub(crate) last_run: Option<(StoredRun, RunEnd)>,
    pub(crate) last_guard: Option<GuardNote>,
}

impl AgentState {
    fn new(service: ServiceName) -> Self {
        Self {
            service,
            boot: process::boot_id(),
            route: None,
            fence: Fence::ZERO,
            lease: None,
            slots: BySlot::default(),
            stable: None,
            run: None,
            watch: None,
            epoch: 0,
            last_run: None,
            last_guard: None,
        }
    }

    /// The highest fence anybody was given or has used.
    pub(crate) fn highest_fence(&self) -> Fence {
        self.fence.max(self.route.as_ref().map_or(Fence::ZERO, |route| route.fence))
    }
}

/// The lease as it survives a restart; when it was last renewed does not, on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredLease {
    pub(crate) holder: String,
    pub(crate) pid: u32,
    /// The holder's process, where it runs on this host.
    pub(crate) process: Option<ProcessId>,
    pub(crate) fence: Fence,
    pub(crate) since: Timestamp,
}

/// What runs in a slot; the processes themselves are described by their own folders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredSlot {
    pub(crate) run: RunId,
    pub(crate) release: ReleaseId,
    /// The secret that reaches the slot whatever the split.
    pub(crate) pin: String,
    /// It was ready once: from then on an exit is followed by another start, not by giving up.
    pub(crate) was_ready: bool,
    pub(crate) failure: Option<LaunchFailure>,
    pub(crate) retained_until: Option<Timestamp>,
    /// It is being stopped: an agent that takes over finishes that, and starts none of it again.
    #[serde(default)]
    pub(crate) stopping: bool,
}

/// The run in progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredRun {
    pub(crate) request: RunRequest,
    pub(crate) since: Timestamp,
    /// Set once its candidate lost the traffic without the driver's doing.
    pub(crate) guard: Option<GuardNote>,
}

/// The state and its file.
#[derive(Debug)]
pub(crate) struct StateStore {
    path: PathBuf,
    /// Held from reading the old state to having the new one on disk.
    writing: Mutex<()>,
    current: ArcSwap<AgentState>,
}

impl StateStore {
    /// Reads the state in `dir`, or begins one where there is none.
    ///
    /// With `recover` a damaged file is replaced by the copy before it.
    pub(crate) fn open(dir: &Path, service: &ServiceName, recover: bool) -> Result<Self, StateError> {
        let path = dir.join(STATE_FILE);
        let state = match file::load(&path, recover)? {
            Some(state) if state.service == *service => state,
            Some(state) => {
                return Err(StateError::OtherService { path, found: state.service, wanted: service.clone() });
            }
            None => AgentState::new(service.clone()),
        };
        let store = Self { path, writing: Mutex::new(()), current: ArcSwap::from_pointee(state) };
        // Written at once: an agent that cannot write must say so before it takes traffic.
        store.write(&store.get())?;
        Ok(store)
    }

    /// The state now.
    pub(crate) fn get(&self) -> Arc<AgentState> {
        self.current.load_full()
    }

    /// Changes the state; it is on disk when this returns. After an error nothing changed.
    pub(crate) fn update<T, E>(&self, change: impl FnOnce(&mut AgentState) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StateError>,
    {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.get();
        let mut new = AgentState::clone(&old);
        let answer = change(&mut new)?;
        if new != *old {
            self.write(&new)?;
            self.current.store(Arc::new(new));
        }
        Ok(answer)
    }

    /// [`StateStore::update`] off the threads that carry traffic: a sync to disk takes milliseconds.
    pub(crate) async fn change<T, E>(
        self: &Arc<Self>,
        change: impl FnOnce(&mut AgentState) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StateError> + Send + 'static,
    {
        let store = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || store.update(change)).await;
        done.unwrap_or_else(|e| match e.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(StateError::Stopped.into()),
        })
    }

    /// Changes the state whether or not the disk takes it: for what must happen in an emergency.
    pub(crate) fn update_regardless(&self, change: impl FnOnce(&mut AgentState)) {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut new = AgentState::clone(&self.get());
        change(&mut new);
        if let Err(error) = self.write(&new) {
            tracing::error!(error = %crate::one_line(&error), "going on without having saved the state");
        }
        self.current.store(Arc::new(new));
    }

    fn write(&self, state: &AgentState) -> Result<(), StateError> {
        file::save(&self.path, state).map_err(|source| StateError::Write { path: self.path.clone(), source })
    }
}

impl RouteStore for StateStore {
    fn save(&self, record: &RouteRecord) -> std::io::Result<()> {
        self.update(|state| {
            state.route = Some(record.clone());
            Ok::<_, StateError>(())
        })
        .map_err(std::io::Error::other)
    }
}

#[cfg(test)]
mod tests;
