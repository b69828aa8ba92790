//! What an edge of its own must still know when it is started again.

use std::path::Path;

use handover_core::{RunId, Slot};
use serde::{Deserialize, Serialize};

use crate::api::WatchRequest;
use crate::local::RouteRecord;
use crate::state::{Recovered, Routed, StateError, Store};
use crate::windows::WatchBook;

/// The state file's name in the state folder.
pub(crate) const STATE_FILE: &str = "edge.json";

/// Everything in the state file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct EdgeState {
    /// The route in force; `None` until the first change.
    pub(super) route: Option<RouteRecord>,
    /// The watch in force, with its epoch; epochs only grow.
    watch: Option<WatchRequest>,
    epoch: u64,
}

/// The state and its file.
pub(super) type EdgeStore = Store<EdgeState>;

/// Reads the state in `dir`, or begins one where there is none.
pub(super) fn open(dir: &Path, recover: bool) -> Result<EdgeStore, StateError> {
    EdgeStore::load(dir.join(STATE_FILE), recover, |_, found| Ok(found.unwrap_or_default()))
}

impl Recovered for EdgeState {
    /// One change was lost. Whoever knows it must find another revision than its own.
    fn recovered(&mut self) {
        if let Some(route) = &mut self.route {
            route.revision = route.revision.next().next();
        }
        self.epoch += 1;
    }
}

impl Routed for EdgeState {
    fn set_route(&mut self, route: RouteRecord) {
        self.route = Some(route);
    }
}

impl WatchBook for EdgeStore {
    fn watched(&self) -> Option<WatchRequest> {
        self.get().watch.clone()
    }

    fn next_epoch(&self, request: WatchRequest) -> Result<u64, StateError> {
        self.update(|state| {
            state.epoch += 1;
            state.watch = Some(request);
            Ok(state.epoch)
        })
    }

    /// Nobody says here which run has filled a slot.
    fn occupant(&self, _: Slot) -> Option<RunId> {
        None
    }
}
