//! The router: a folder, with all that a switcher must remember.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use handover_core::{BySlot, Fence, OpId, Slot, Timestamp};
use handover_traffic::{
    Capabilities, Change, DrainSupport, Drained, Expected, InFlight, Mode, Observed, Revision, Route, Split,
    Weights,
};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::wire::Complaint;

/// Shares come in whole percent, so that there is something it cannot express.
const STEP: u16 = 100;
/// Between two looks at a slot that is being drained.
const GLANCE: Duration = Duration::from_millis(5);

pub(super) fn capabilities() -> Capabilities {
    Capabilities::new(Weights::Any { step: STEP })
        .with_atomic()
        .with_hold()
        .with_compare_and_set()
        .with_fencing()
        .with_read_back()
        .with_kept_state()
        .with_drain(DrainSupport::Counted)
        .with_rollback_bound(Duration::from_secs(1))
}

/// What is in `state.json`.
#[derive(Debug, Serialize, Deserialize)]
struct State {
    route: Route,
    revision: Revision,
    last_op: Option<OpId>,
    fence: Fence,
    done: BTreeMap<String, Route>,
    asked: u64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            route: Route::serve(Split::ALL_BLUE),
            revision: Revision::new(0),
            last_op: None,
            fence: Fence::ZERO,
            done: BTreeMap::new(),
            asked: 0,
        }
    }
}

/// The folder, locked against other calls; the lock is gone with the process.
pub(super) struct Router {
    folder: PathBuf,
    lock: File,
}

impl Router {
    pub(super) fn open(folder: &Path) -> Result<Self, Complaint> {
        let lock = File::options().create(true).append(true).open(folder.join("lock"))?;
        lock.lock()?;
        Ok(Self { folder: folder.to_owned(), lock })
    }

    pub(super) fn observe(&self) -> Result<Observed, Complaint> {
        let State { route, revision, last_op, fence, .. } = self.load()?;
        let counted = |slot| InFlight { requests: self.in_flight(slot), ..InFlight::default() };
        let in_flight = Some(BySlot::from_fn(counted));
        Ok(Observed {
            route: ended(route),
            revision,
            last_op,
            fence: Some(fence),
            in_flight,
            served: None,
            moving: false,
        })
    }

    pub(super) fn apply(&self, change: &Change) -> Result<Observed, Complaint> {
        let mut state = self.load()?;
        state.asked += 1;
        let admitted = state.admit(change);
        self.save(&state)?;
        admitted?;
        self.observe()
    }

    pub(super) async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, Complaint> {
        let begun = Instant::now();
        loop {
            if self.load()?.route.split.bps(slot) > 0 {
                return Err(Complaint::refused(format!("{slot} still has traffic")));
            }
            let left = self.in_flight(slot);
            if left == 0 {
                return Ok(Drained::Clean { waited: begun.elapsed() });
            }
            if begun.elapsed() >= limit {
                return Ok(Drained::TimedOut { requests: left, streams: 0, upgrades: 0 });
            }
            // Others may change traffic while this one waits.
            self.lock.unlock()?;
            sleep(GLANCE).await;
            self.lock.lock()?;
        }
    }

    /// A file per request.
    fn in_flight(&self, slot: Slot) -> u64 {
        let files = fs::read_dir(self.folder.join("in-flight").join(slot.as_str()));
        files.map_or(0, |files| files.fold(0, |count, _| count + 1))
    }

    fn load(&self) -> Result<State, Complaint> {
        match fs::read(self.folder.join("state.json")) {
            Ok(text) => Ok(serde_json::from_slice(&text)?),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whole or not at all: a temporary file, synced, renamed over the old one.
    fn save(&self, state: &State) -> Result<(), Complaint> {
        let new = self.folder.join("state.json.new");
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(state)?)?;
        file.sync_all()?;
        Ok(fs::rename(new, self.folder.join("state.json"))?)
    }
}

impl State {
    fn admit(&mut self, change: &Change) -> Result<(), Complaint> {
        let Change { route, expected, op, fence } = change;
        if !route.split.green_bps().is_multiple_of(STEP) {
            return Err(Complaint::Unsupported { message: format!("shares are multiples of {STEP}") });
        }
        if *fence < self.fence {
            return Err(Complaint::Fenced { seen: self.fence });
        }
        if let Some(made) = self.done.get(op.as_str()) {
            if made != route {
                return Err(Complaint::refused("this operation was made before with another route"));
            }
            self.fence = *fence;
            return Ok(());
        }
        if let Expected::Revision(expected) = *expected
            && expected != self.revision
        {
            return Err(Complaint::Conflict { expected, found: self.revision });
        }
        self.done.insert(op.to_string(), *route);
        (self.route, self.revision) = (*route, self.revision.next());
        (self.last_op, self.fence) = (Some(op.clone()), *fence);
        Ok(())
    }
}

/// A hold ends by itself.
fn ended(route: Route) -> Route {
    match route.mode {
        Mode::Hold { until } if until <= Timestamp::now() => Route::serve(route.split),
        _ => route,
    }
}
