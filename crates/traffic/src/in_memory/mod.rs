//! The reference model: what every backend is compared with.
//!
//! It is a backend in the strict sense. [`InMemory::with`] takes away capabilities, and what is not claimed is
//! really absent: without compare-and-set a stale revision is ignored, without `atomic` a change has a middle.

mod requests;
mod state;

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Clock, Slot, SystemClock};
use tokio::sync::watch;
use tokio::time::Instant;

pub use self::requests::{InMemoryRequest, RequestKind};
use self::state::{Receipt, State};
use crate::{
    Capabilities, Change, DrainSupport, Drained, InFlight, Observed, Split, SwitchError, TrafficSwitcher,
    TrafficSwitcherExt, Weights,
};

/// How the model calls itself in errors.
const NAME: &str = "the in-memory backend";

/// A backend that lives in memory: the reference model, and the traffic of tests.
///
/// Clones are handles on the same backend, so that a test keeps one and gives one away. Everything goes to blue
/// at first, at revision 0. Users' requests are played with [`InMemory::arrive`] and [`InMemory::open`].
///
/// # Examples
///
/// ```
/// # use handover_core::{OpId, Slot};
/// # use handover_traffic::{InMemory, Split, TrafficSwitcherExt};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), handover_traffic::SwitchError> {
/// let traffic = InMemory::new();
/// traffic.shift_to(Split::ALL_GREEN, OpId::new("release 2 takes over")).await?;
/// assert_eq!(traffic.arrive().await.slot(), Slot::Green);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct InMemory {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    capabilities: Capabilities,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Rung after each change of `state`, so that nobody has to poll.
    bell: watch::Sender<()>,
    /// Changes are made one after the other, as a backend's own lock would see to.
    turn: tokio::sync::Mutex<()>,
}

impl InMemory {
    /// A backend that can do everything a memory can: any weight, atomic, hold, pin, compare-and-set, fencing,
    /// read-back, and a counted drain. It does not outlive its process, and nobody sticks to a slot.
    pub fn new() -> Self {
        Self::with(Self::everything())
    }

    /// A backend that claims, and can do, exactly this much.
    pub fn with(capabilities: Capabilities) -> Self {
        Self::build(capabilities, Arc::new(SystemClock::new()))
    }

    /// A fresh backend of the same capabilities whose holds end by this clock's wall time.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self::build(self.shared.capabilities.clone(), clock)
    }

    /// What [`InMemory::new`] claims, to take something away from.
    pub const fn everything() -> Capabilities {
        Capabilities::new(Weights::Any { step: 1 })
            .with_atomic()
            .with_hold()
            .with_pin()
            .with_compare_and_set()
            .with_fencing()
            .with_read_back()
            .with_drain(DrainSupport::Counted)
            .with_rollback_bound(Duration::ZERO)
    }

    /// Moves traffic as somebody does who knows nothing of handover: a new revision of no operation.
    pub fn move_from_outside(&self, split: Split) {
        self.shared.update(|state| state.moved_from_outside(split));
    }

    /// How many changes have reached the backend, those it refused included.
    pub fn received(&self) -> u64 {
        self.shared.lock().received
    }

    fn build(capabilities: Capabilities, clock: Arc<dyn Clock>) -> Self {
        let (state, bell, turn) = (Mutex::default(), watch::Sender::new(()), tokio::sync::Mutex::default());
        Self { shared: Arc::new(Shared { capabilities, clock, state, bell, turn }) }
    }

    fn view(&self) -> Observed {
        self.shared.lock().view(&self.shared.capabilities, self.shared.clock.wall())
    }
}

impl Default for InMemory {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl TrafficSwitcher for InMemory {
    fn capabilities(&self) -> Capabilities {
        self.shared.capabilities.clone()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        Ok(self.view())
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check(NAME, &change.route)?;
        let _turn = self.shared.turn.lock().await;
        let receipt = self.shared.lock().receive(change, &self.shared.capabilities)?;
        if receipt == Receipt::New {
            let can = &self.shared.capabilities;
            if !can.atomic {
                self.shared.update(|state| state.go_halfway(change, can));
                let_others_run().await;
            }
            self.shared.update(|state| state.finish(change));
        }
        Ok(self.view())
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let begun = Instant::now();
        self.shared.lock().refuse_if_weighted(slot)?;
        match self.shared.capabilities.drain {
            DrainSupport::Counted => self.drain_counted(slot, limit).await,
            DrainSupport::Timed { bound } => {
                tokio::time::sleep(bound.min(limit)).await;
                self.shared.lock().refuse_if_weighted(slot)?;
                Ok(if limit < bound {
                    // Nobody counted, so nothing can be said about what is left; only that it is not over.
                    Drained::TimedOut { requests: 0, streams: 0, upgrades: 0 }
                } else {
                    Drained::Assumed { waited: begun.elapsed() }
                })
            }
            DrainSupport::None => Ok(Drained::Assumed { waited: Duration::ZERO }),
        }
    }
}

impl InMemory {
    async fn drain_counted(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let begun = Instant::now();
        let mut bell = self.shared.bell.subscribe();
        let idle = async {
            loop {
                if self.shared.lock().idle(slot)? {
                    return Ok(Drained::Clean { waited: begun.elapsed() });
                }
                // The sender lives as long as `self`, so this ends only by being rung.
                let _ = bell.changed().await;
            }
        };
        if let Ok(ended) = tokio::time::timeout(limit, idle).await {
            return ended;
        }
        let InFlight { requests, streams, upgrades } = self.shared.lock().in_flight[slot];
        Ok(Drained::TimedOut { requests, streams, upgrades })
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Every update leaves the state whole, so a panic elsewhere does not spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.bell.send_replace(());
        result
    }
}

/// The await point in the middle of a change that is not atomic.
async fn let_others_run() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests;
