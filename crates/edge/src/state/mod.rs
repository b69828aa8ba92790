//! What the agent, or an edge of its own, must still know when it is started again.
//!
//! One small value, replaced as a whole: every change is on disk before it is in force. Reading never waits for a
//! write.

mod error;
mod file;
mod store;

use std::path::Path;

use handover_core::{BySlot, Fence, ReleaseId, RunId, ServiceName, Slot, Timestamp};
use serde::{Deserialize, Serialize};

use crate::api::{GuardNote, LaunchFailure, RunEnd, RunRequest, WatchRequest};
use crate::local::RouteRecord;
use crate::process::{self, ProcessId};
pub use error::StateError;
pub(crate) use file::Recovered;
pub(crate) use store::{Routed, Store};

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

impl Recovered for AgentState {
    /// One save was lost, and one save raises the fence by one at most: two more are above everything handed out.
    fn recovered(&mut self) {
        self.fence = self.highest_fence().next().next();
    }
}

impl Routed for AgentState {
    fn set_route(&mut self, route: RouteRecord) {
        self.route = Some(route);
    }
}

/// The agent's state and its file.
pub(crate) type StateStore = Store<AgentState>;

impl StateStore {
    /// Reads the state in `dir`, or begins one where there is none.
    ///
    /// With `recover` a damaged file is replaced by the copy before it.
    pub(crate) fn open(dir: &Path, service: &ServiceName, recover: bool) -> Result<Self, StateError> {
        Self::load(dir.join(STATE_FILE), recover, |path, found: Option<AgentState>| match found {
            Some(state) if state.service == *service => Ok(state),
            Some(state) => {
                let path = path.to_owned();
                Err(StateError::OtherService { path, found: state.service, wanted: service.clone() })
            }
            None => Ok(AgentState::new(service.clone())),
        })
    }
}

#[cfg(test)]
mod tests;
