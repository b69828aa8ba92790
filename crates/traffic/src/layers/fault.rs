use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{OpId, Slot};

use crate::{Capabilities, Change, Drained, Observed, Route, Split, SwitchError, TrafficSwitcher};

/// How the layer calls itself in errors.
const NAME: &str = "the faulty path";

/// What befalls one call on its way to the backend or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// The backend does it, and its answer is lost: `Unconfirmed`.
    LostAck,
    /// The backend never hears of it, and nobody can tell: `Unconfirmed`.
    LostRequest,
    /// The call reaches the backend this much later.
    Delay(Duration),
    /// The answer comes back this much later; a caller that gives up meanwhile has changed something.
    LateAck(Duration),
    /// The backend dies in the middle of a change, each weight halfway: `Unconfirmed`.
    ///
    /// Where the backend claims `atomic`, or cannot express the middle, a change has no middle to die in: this is
    /// then [`Mishap::LostRequest`]. So it is for `observe` and `drain`.
    Partial,
    /// The backend says no, having changed nothing: `Refused`.
    Refused,
}

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
        Self { inner, script: Mutex::default() }
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
        strike(self.next(Call::Observe), || self.inner.observe()).await
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let mishap = self.next(Call::Apply);
        if mishap == Some(Mishap::Partial)
            && let Some(half) = self.half_of(change).await?
        {
            self.inner.apply(&half).await?;
        }
        strike(mishap, || self.inner.apply(change)).await
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        strike(self.next(Call::Drain), || self.inner.drain(slot, limit)).await
    }
}

impl<S: TrafficSwitcher> Fault<S> {
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

/// Makes the call as the mishap has it.
async fn strike<T, F>(mishap: Option<Mishap>, call: impl FnOnce() -> F) -> Result<T, SwitchError>
where
    F: Future<Output = Result<T, SwitchError>>,
{
    match mishap {
        None => call().await,
        Some(Mishap::Delay(by)) => {
            tokio::time::sleep(by).await;
            call().await
        }
        Some(Mishap::LateAck(by)) => {
            let answer = call().await;
            tokio::time::sleep(by).await;
            answer
        }
        Some(Mishap::LostAck) => {
            call().await?;
            Err(unconfirmed("the answer was lost"))
        }
        Some(Mishap::LostRequest) => Err(unconfirmed("the request was lost")),
        Some(Mishap::Partial) => Err(unconfirmed("the backend stopped in the middle")),
        Some(Mishap::Refused) => {
            Err(SwitchError::Refused { backend: NAME, source: "scripted to refuse".into() })
        }
    }
}

fn unconfirmed(why: &'static str) -> SwitchError {
    SwitchError::Unconfirmed { backend: NAME, after: Duration::ZERO, source: Some(why.into()) }
}
