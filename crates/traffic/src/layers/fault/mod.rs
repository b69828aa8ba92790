//! Misfortune by script.

mod mishap;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{OpId, Slot};

pub use self::mishap::Mishap;
use self::mishap::strike;
use crate::{Capabilities, Change, Drained, Observed, Route, Split, SwitchError, TrafficSwitcher};

/// Which method of [`TrafficSwitcher`] is struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// [`TrafficSwitcher::observe`].
    Observe,
    /// [`TrafficSwitcher::apply`].
    Apply,
    /// [`TrafficSwitcher::drain`].
    Drain,
}

/// Strikes coming calls with scripted [`Mishap`]s; a call without one is passed on as it is.
///
/// # Examples
///
/// ```
/// # use handover_core::{OpId, Retry};
/// # use handover_traffic::layers::{Call, Fault, Mishap};
/// # use handover_traffic::{InMemory, Split, TrafficSwitcher, TrafficSwitcherExt};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), handover_traffic::SwitchError> {
/// let traffic = Fault::new(InMemory::new()).with(Call::Apply, [Mishap::LostAck]);
/// let unsure = traffic.shift_to(Split::ALL_GREEN, OpId::new("shift")).await.unwrap_err();
/// assert_eq!(unsure.retry(), Retry::AfterReadBack);
/// assert_eq!(traffic.observe().await?.route.split, Split::ALL_GREEN, "it had happened all the same");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Fault<S> {
    inner: S,
    script: Mutex<Script>,
    /// Changes that were overtaken and have not arrived yet.
    late: Mutex<Vec<Change>>,
}

#[derive(Debug, Default)]
struct Script {
    observe: VecDeque<Mishap>,
    apply: VecDeque<Mishap>,
    drain: VecDeque<Mishap>,
}

impl<S> Fault<S> {
    /// A layer around `inner` that strikes nothing yet.
    pub fn new(inner: S) -> Self {
        Self { inner, script: Mutex::default(), late: Mutex::default() }
    }

    /// The same layer with these mishaps scripted; see [`Fault::script`].
    #[must_use]
    pub fn with(self, call: Call, mishaps: impl IntoIterator<Item = Mishap>) -> Self {
        self.script(call, mishaps);
        self
    }

    /// Adds mishaps for the coming calls of one method, one for each, after those scripted before.
    pub fn script(&self, call: Call, mishaps: impl IntoIterator<Item = Mishap>) {
        self.queue(call, |queue| queue.extend(mishaps));
    }

    /// The backend behind the layer.
    pub const fn inner(&self) -> &S {
        &self.inner
    }

    fn next(&self, call: Call) -> Option<Mishap> {
        self.queue(call, VecDeque::pop_front)
    }

    fn queue<T>(&self, call: Call, act: impl FnOnce(&mut VecDeque<Mishap>) -> T) -> T {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        act(match call {
            Call::Observe => &mut script.observe,
            Call::Apply => &mut script.apply,
            Call::Drain => &mut script.drain,
        })
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: TrafficSwitcher> TrafficSwitcher for Fault<S> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        let late = self.take_late();
        let answer = strike(self.next(Call::Observe), || self.inner.observe()).await;
        self.arrive(late).await;
        answer
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let (late, mishap) = (self.take_late(), self.next(Call::Apply));
        if mishap == Some(Mishap::Reorder) {
            self.lock_late().push(change.clone());
        }
        let answer = self.struck(mishap, change).await;
        self.arrive(late).await;
        answer
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let late = self.take_late();
        let answer = strike(self.next(Call::Drain), || self.inner.drain(slot, limit)).await;
        self.arrive(late).await;
        answer
    }
}

impl<S> Fault<S> {
    fn lock_late(&self) -> MutexGuard<'_, Vec<Change>> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_late(&self) -> Vec<Change> {
        std::mem::take(&mut *self.lock_late())
    }
}

impl<S: TrafficSwitcher> Fault<S> {
    async fn struck(&self, mishap: Option<Mishap>, change: &Change) -> Result<Observed, SwitchError> {
        if mishap == Some(Mishap::Partial)
            && let Some(half) = self.half_of(change).await?
        {
            self.inner.apply(&half).await?;
        }
        strike(mishap, || self.inner.apply(change)).await
    }

    /// What was overtaken reaches the backend. Nobody waits for the answers any more.
    async fn arrive(&self, late: Vec<Change>) {
        for change in late {
            let _ = self.inner.apply(&change).await;
        }
    }

    /// The first half of a change, as a change of its own; `None` where there is no such thing.
    async fn half_of(&self, change: &Change) -> Result<Option<Change>, SwitchError> {
        let can = self.inner.capabilities();
        let from = self.inner.observe().await?.route.split.green_bps();
        let middle = Split::from_green_bps(from.midpoint(change.route.split.green_bps())).ok();
        Ok(middle
            .map(|split| Route { split, ..change.route })
            .filter(|route| !can.atomic && can.missing_for(route).is_none())
            .map(|route| Change { route, op: OpId::new(format!("{} (half)", change.op)), ..change.clone() }))
    }
}
