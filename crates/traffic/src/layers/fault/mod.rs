//! Misfortune by script.

mod mishap;
mod path;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;

pub use self::mishap::Mishap;
pub(crate) use self::path::Path;
use crate::{Capabilities, Change, Drained, Observed, SwitchError, TrafficSwitcher};

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
    path: Path,
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
        Self { inner, script: Mutex::default(), path: Path::default() }
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
        self.path.observe(&self.inner, self.next(Call::Observe)).await
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.path.apply(&self.inner, self.next(Call::Apply), change).await
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.path.drain(&self.inner, self.next(Call::Drain), slot, limit).await
    }
}
