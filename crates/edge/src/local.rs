//! A [`TrafficSwitcher`] over a [`Proxy`] in the same process, with a store that outlives it.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Slot, Timestamp};
use handover_traffic::{
    Capabilities, Change, DrainSupport, Drained, Expected, Mode, Observed, Revision, Route, Split,
    SwitchError, TrafficSwitcher, TrafficSwitcherExt, Weights,
};
use serde::{Deserialize, Serialize};

use crate::proxy::Proxy;

/// How this backend calls itself in errors.
const BACKEND: &str = "the edge";

/// How many operations are known again when they are repeated late, after others.
const REMEMBERED: usize = 64;

/// One write of the record, and a table swapped: generous for a slow disk.
const ROLLBACK_BOUND: Duration = Duration::from_secs(2);

/// Everything a switcher needs to go on after a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteRecord {
    /// The route in force.
    pub route: Route,
    /// Which change brought it about.
    pub revision: Revision,
    /// The last change's name.
    pub last_op: Option<OpId>,
    /// The highest fence seen.
    pub fence: Fence,
    /// The latest changes with what they wished, oldest first, so that a repetition is known as one.
    #[serde(default)]
    pub recent: VecDeque<(OpId, Route)>,
}

impl RouteRecord {
    /// Before the first change: `route`, at revision 0.
    pub const fn new(route: Route) -> Self {
        Self { route, revision: Revision::new(0), last_op: None, fence: Fence::ZERO, recent: VecDeque::new() }
    }

    fn after(&self, route: Route, op: &OpId, fence: Fence) -> Self {
        let mut next = self.clone();
        (next.route, next.revision) = (route, self.revision.next());
        (next.last_op, next.fence) = (Some(op.clone()), self.fence.max(fence));
        if next.recent.len() >= REMEMBERED {
            next.recent.pop_front();
        }
        next.recent.push_back((op.clone(), route));
        next
    }

    /// What to do about a change: nothing where it was made before, else the record that it leads to.
    ///
    /// The fence comes first: who is too late is told so, also when only repeating itself.
    fn receive(&self, change: &Change) -> Result<Option<Self>, SwitchError> {
        if change.fence < self.fence {
            return Err(SwitchError::Fenced { offered: change.fence, seen: self.fence });
        }
        if let Some((op, route)) = self.recent.iter().rev().find(|(op, _)| *op == change.op) {
            if *route == change.route {
                return Ok(None);
            }
            return Err(refused(format!("operation {op} was made before with another route")));
        }
        match change.expected {
            Expected::Revision(expected) if expected != self.revision => {
                Err(SwitchError::Conflict { expected, found: self.revision })
            }
            Expected::Revision(_) | Expected::Any => {
                Ok(Some(self.after(change.route, &change.op, change.fence)))
            }
        }
    }
}

impl Default for RouteRecord {
    /// Everything to blue, where a service's first release runs.
    fn default() -> Self {
        Self::new(Route::serve(Split::ALL_BLUE))
    }
}

fn refused(source: impl Into<handover_traffic::BoxError>) -> SwitchError {
    SwitchError::Refused { backend: BACKEND, source: source.into() }
}

/// Where the record of the route is kept.
pub trait RouteStore: fmt::Debug + Send + Sync {
    /// Keeps a record, durably; called before the change is in force. May block.
    ///
    /// # Errors
    ///
    /// It was not kept: the change is refused, and nothing changed.
    fn save(&self, record: &RouteRecord) -> io::Result<()>;
}

/// A store that keeps nothing: the route is lost with the process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Forgetful;

impl RouteStore for Forgetful {
    fn save(&self, _: &RouteRecord) -> io::Result<()> {
        Ok(())
    }
}

/// Moves the traffic of a proxy in this process; every clone is the same switcher.
///
/// Nothing else may set the proxy's route. A change is saved first and in force after: so the store is never behind
/// what users see, except when [`LocalSwitcher::panic_to`] could not save.
#[derive(Debug, Clone)]
pub struct LocalSwitcher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    proxy: Proxy,
    store: Arc<dyn RouteStore>,
    keeps_state: bool,
    record: Mutex<RouteRecord>,
    /// Held while a change is made, which may wait for a disk; `record` never is.
    turn: Mutex<()>,
}

impl LocalSwitcher {
    /// A switcher that goes on from `record`, whose route is in force at once.
    pub fn new(proxy: Proxy, store: Arc<dyn RouteStore>, record: RouteRecord) -> Self {
        proxy.set_route(record.route);
        Self(Arc::new(Inner {
            proxy,
            store,
            keeps_state: true,
            record: Mutex::new(record),
            turn: Mutex::default(),
        }))
    }

    /// A switcher for a proxy that is not to outlive its process: begins with everything to blue.
    pub fn forgetful(proxy: Proxy) -> Self {
        let record = RouteRecord::default();
        proxy.set_route(record.route);
        Self(Arc::new(Inner {
            proxy,
            store: Arc::new(Forgetful),
            keeps_state: false,
            record: Mutex::new(record),
            turn: Mutex::default(),
        }))
    }

    /// The record in force.
    pub fn record(&self) -> RouteRecord {
        self.0.record().clone()
    }

    /// Shuts out whoever acts with a lower fence than `to`, from now on and after a restart.
    ///
    /// # Errors
    ///
    /// The store could not keep it: the fence is raised, for as long as this process lives.
    ///
    /// # Cancellation
    ///
    /// Dropped, it goes on by itself.
    pub async fn raise_fence(&self, to: Fence) -> io::Result<()> {
        self.blocking(move |inner| inner.raise_fence(to)).await.unwrap_or_else(|stopped| Err(stopped.into()))
    }

    /// Break-glass: everything to `slot` at once, by a fence above every other. It needs nothing to succeed but this
    /// process: a store that cannot save is reported beside the result and stops nothing.
    ///
    /// # Cancellation
    ///
    /// Dropped, it goes on by itself.
    pub async fn panic_to(&self, slot: Slot, op: OpId) -> (Observed, Option<io::Error>) {
        // In force before anything that may wait.
        self.0.proxy.set_route(Route::serve(Split::all(slot)));
        let saved = self.blocking(move |inner| inner.panic_to(slot, &op)).await;
        (self.0.view(), saved.unwrap_or_else(|stopped| Err(stopped.into())).err())
    }

    async fn blocking<T: Send + 'static>(
        &self,
        run: impl FnOnce(&Inner) -> T + Send + 'static,
    ) -> Result<T, tokio::task::JoinError> {
        let inner = self.0.clone();
        tokio::task::spawn_blocking(move || run(&inner)).await
    }
}

impl Inner {
    fn record(&self) -> MutexGuard<'_, RouteRecord> {
        // A record is replaced as a whole, so a panic elsewhere does not spoil it.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let _turn = self.turn();
        let before = self.record().clone();
        let next = match before.receive(change)? {
            Some(next) => next,
            None if change.fence > before.fence => RouteRecord { fence: change.fence, ..before },
            None => return Ok(self.view()),
        };
        self.store.save(&next).map_err(refused)?;
        self.proxy.set_route(next.route);
        *self.record() = next;
        Ok(self.view())
    }

    fn raise_fence(&self, to: Fence) -> io::Result<()> {
        let _turn = self.turn();
        let next = {
            let mut record = self.record();
            record.fence = record.fence.max(to);
            record.clone()
        };
        self.store.save(&next)
    }

    fn panic_to(&self, slot: Slot, op: &OpId) -> io::Result<()> {
        let _turn = self.turn();
        let route = Route::serve(Split::all(slot));
        let next = {
            let mut record = self.record();
            *record = record.after(route, op, record.fence.next());
            record.clone()
        };
        // Once more: a change that had its turn before us may have come in between.
        self.proxy.set_route(route);
        self.store.save(&next)
    }

    fn view(&self) -> Observed {
        let record = self.record();
        let route = self.proxy.route();
        Observed {
            route: Route { mode: passed(route.mode), ..route },
            revision: record.revision,
            last_op: record.last_op.clone(),
            fence: Some(record.fence),
            in_flight: Some(self.proxy.in_flight()),
            served: Some(self.proxy.served()),
            moving: false,
        }
    }

    fn refuse_if_weighted(&self, slot: Slot) -> Result<(), SwitchError> {
        let split = self.proxy.route().split;
        match split.bps(slot) {
            0 => Ok(()),
            _ => Err(refused(format!("{slot} still gets traffic: {split}"))),
        }
    }
}

/// A hold whose time is over is none.
fn passed(mode: Mode) -> Mode {
    match mode {
        Mode::Hold { until } if until > Timestamp::now() => mode,
        Mode::Hold { .. } | Mode::Serve => Mode::Serve,
    }
}

#[async_trait]
impl TrafficSwitcher for LocalSwitcher {
    fn capabilities(&self) -> Capabilities {
        let can = Capabilities::new(Weights::Any { step: 1 })
            .with_atomic()
            .with_hold()
            .with_pin()
            .with_sticky()
            .with_compare_and_set()
            .with_fencing()
            .with_read_back()
            .with_drain(DrainSupport::Counted)
            .with_rollback_bound(ROLLBACK_BOUND);
        if self.0.keeps_state { can.with_kept_state() } else { can }
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        Ok(self.0.view())
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check(BACKEND, &change.route)?;
        let change = change.clone();
        let unconfirmed = |stopped| SwitchError::Unconfirmed {
            backend: BACKEND,
            after: Duration::ZERO,
            source: Some(Box::new(stopped)),
        };
        self.blocking(move |inner| inner.apply(&change)).await.map_err(unconfirmed)?
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.0.refuse_if_weighted(slot)?;
        let drained = self.0.proxy.drain(slot, limit).await;
        // Somebody may have moved traffic back meanwhile: then it is not over, whatever was counted.
        self.0.refuse_if_weighted(slot)?;
        Ok(drained)
    }
}

#[cfg(test)]
mod tests;
