//! Again, within a budget, and never on a guess.
//!
//! What may be done after an error is the error's to say ([`SwitchError::retry`]); this layer only does it. A change
//! whose answer was lost is looked for before it is sent again, and sent again under its own name, so that a backend
//! that had heard it after all makes it once.

use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Retry as Next, Slot};
use tokio::time::{Instant, sleep};

use crate::{Capabilities, Change, Drained, Observed, SwitchError, TrafficSwitcher};

/// How much trying again one call is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Budget {
    /// How often one call is made at most, the first time included. 4 unless said otherwise.
    pub attempts: u32,
    /// No attempt begins later than this after the first. 30 s unless said otherwise.
    ///
    /// An attempt that hangs is not cut off; put [`Timeout`](super::Timeout) inside for that.
    pub time: Duration,
    /// Between an answer that was lost and the next attempt. 200 ms unless said otherwise: a late request has
    /// mostly arrived by then.
    pub pause: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self { attempts: 4, time: Duration::from_secs(30), pause: Duration::from_millis(200) }
    }
}

impl Budget {
    /// The same with this [`Budget::attempts`].
    #[must_use]
    pub const fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// The same with this [`Budget::time`].
    #[must_use]
    pub const fn with_time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// The same with this [`Budget::pause`].
    #[must_use]
    pub const fn with_pause(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    fn begin(self) -> Spending {
        Spending { budget: self, made: 1, begun: Instant::now() }
    }

    /// How long to wait before the same call again; `None` where it must not be made again.
    fn pause_after(&self, error: &SwitchError) -> Option<Duration> {
        match error.retry() {
            Next::Never => None,
            Next::After(pause) => Some(pause),
            Next::AfterReadBack => Some(self.pause),
        }
    }
}

/// What is left of a budget.
#[derive(Debug, Clone, Copy)]
struct Spending {
    budget: Budget,
    made: u32,
    begun: Instant,
}

impl Spending {
    /// As many attempts as ever, in the time that is left.
    const fn for_reading(self) -> Self {
        Self { made: 1, ..self }
    }

    /// Waits for the next attempt, or says that there is none.
    async fn goes_on_after(&mut self, error: &SwitchError) -> bool {
        let Some(pause) = self.budget.pause_after(error) else { return false };
        let in_time = self.begun.elapsed().saturating_add(pause) <= self.budget.time;
        if !in_time || self.made >= self.budget.attempts {
            return false;
        }
        self.made += 1;
        sleep(pause).await;
        true
    }
}

/// Makes a call again as its error allows, within a [`Budget`].
///
/// - An error after which nothing changed (`Throttled`, `Unreachable`) is waited out for as long as it asks.
/// - After `Unconfirmed` the route is read back. Where the wished one is in force, that is the answer; else the same
///   operation is applied again. A route that cannot be read back leaves the outcome `Unconfirmed`.
/// - `Conflict`, `Fenced` and whatever else says never is returned at once. If an earlier attempt of the same call
///   had no answer, that one may still have changed something: the error is then the source of an `Unconfirmed`.
/// - `observe` and `drain` change nothing and are simply made again; a drain for what is left of its limit.
///
/// # Examples
///
/// ```
/// # use handover_core::OpId;
/// # use handover_traffic::layers::{Call, Fault, Mishap, Retry};
/// # use handover_traffic::{InMemory, Split, TrafficSwitcherExt};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), handover_traffic::SwitchError> {
/// let path = Fault::new(InMemory::new()).with(Call::Apply, [Mishap::LostRequest, Mishap::LostAck]);
/// let seen = Retry::new(path).shift_to(Split::ALL_GREEN, OpId::new("shift")).await?;
/// assert_eq!(seen.route.split, Split::ALL_GREEN);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Retry<S> {
    inner: S,
    budget: Budget,
}

impl<S> Retry<S> {
    /// A layer around `inner` with the default [`Budget`].
    pub fn new(inner: S) -> Self {
        Self { inner, budget: Budget::default() }
    }

    /// The same layer with another budget.
    #[must_use]
    pub fn with_budget(self, budget: Budget) -> Self {
        Self { budget, ..self }
    }

    /// The backend behind the layer.
    pub const fn inner(&self) -> &S {
        &self.inner
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: TrafficSwitcher> TrafficSwitcher for Retry<S> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        again(self.budget.begin(), || self.inner.observe()).await
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let mut spending = self.budget.begin();
        let mut unanswered = None;
        loop {
            let error = match self.inner.apply(change).await {
                Err(error) => error,
                answer => return answer,
            };
            unanswered = unanswered.or_else(|| without_answer(&error));
            if let Some(seen) = self.in_force_after(&error, unanswered, change, spending).await? {
                return Ok(seen);
            }
            if !spending.goes_on_after(&error).await {
                return Err(told(error, unanswered, spending.begun));
            }
        }
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let spending = self.budget.begin();
        let left = || limit.saturating_sub(spending.begun.elapsed());
        again(spending, || self.inner.drain(slot, left())).await
    }
}

impl<S: TrafficSwitcher> Retry<S> {
    /// What is observed, if some attempt had no answer and the wish is in force all the same.
    async fn in_force_after(
        &self,
        error: &SwitchError,
        unanswered: Option<&'static str>,
        change: &Change,
        spending: Spending,
    ) -> Result<Option<Observed>, SwitchError> {
        let Some(backend) = unanswered.filter(|_| !matches!(error, SwitchError::Fenced { .. })) else {
            return Ok(None);
        };
        match again(spending.for_reading(), || self.inner.observe()).await {
            Ok(seen) => Ok(Some(seen).filter(|seen| seen.route == change.route)),
            Err(blind) => Err(told(blind, Some(backend), spending.begun)),
        }
    }
}

/// Makes a call that changes nothing until it is answered.
async fn again<T, F>(mut spending: Spending, call: impl Fn() -> F) -> Result<T, SwitchError>
where
    F: Future<Output = Result<T, SwitchError>>,
{
    loop {
        let error = match call().await {
            Err(error) => error,
            answer => return answer,
        };
        if !spending.goes_on_after(&error).await {
            return Err(error);
        }
    }
}

/// Who gave no answer, if nobody did.
const fn without_answer(error: &SwitchError) -> Option<&'static str> {
    match error {
        SwitchError::Unconfirmed { backend, .. } => Some(backend),
        _ => None,
    }
}

/// The last error, unless it says "nothing changed" while an earlier attempt may have changed something.
fn told(error: SwitchError, unanswered: Option<&'static str>, begun: Instant) -> SwitchError {
    match unanswered {
        Some(backend) if without_answer(&error).is_none() => {
            SwitchError::Unconfirmed { backend, after: begun.elapsed(), source: Some(error.into()) }
        }
        _ => error,
    }
}
