use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Slot};

use crate::{Capabilities, Change, Drained, Expected, Observed, Route, Split, SwitchError};

/// Moves live traffic between the blue and the green release of one service.
///
/// Implementors write these four methods; callers also get [`TrafficSwitcherExt`]. To check an
/// implementation, run the conformance suite in `testkit` on it.
///
/// # Contract
///
/// 1. **Read your change.** After `apply` is `Ok`, `observe` returns that route until somebody applies another.
/// 2. **All or nothing.** After an error or a dropped future the route in force is the old one or the new one;
///    without [`Capabilities::atomic`] each weight may lie between the two, never all of them zero, and `observe`
///    says so.
/// 3. **Compare and set.** A stale [`Change::expected`] is refused with [`SwitchError::Conflict`] and changes
///    nothing.
/// 4. **Refuse early.** What `capabilities` rules out is [`SwitchError::Unsupported`] before anything is sent.
/// 5. **Say what is not known.** No answer is [`SwitchError::Unconfirmed`], never `Refused`.
/// 6. **Once.** The same [`Change::op`] twice is the same as once.
/// 7. **Fence.** A lower [`Change::fence`] than one already seen never wins, where [`Capabilities::fencing`] is
///    claimed.
/// 8. **The way back is always open.** One slot = 100 % with [`Expected::Any`] is legal from every state, with no
///    memory of how it came about.
/// 9. **Clean is clean.** [`Drained::Clean`] means that nothing reaches the slot any more.
/// 10. **Others' things stay.** What the backend does not own is untouched.
///
/// `apply` converges: observe, take the difference, raise before lower, write, observe.
///
/// # Cancellation
///
/// Dropping a returned future is allowed at any await point (see point 2).
#[async_trait]
pub trait TrafficSwitcher: fmt::Debug + Send + Sync + 'static {
    /// What this backend can express. Constant for the life of the value.
    fn capabilities(&self) -> Capabilities;

    /// Reads the route in force from the backend itself, never from a cache.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Unreachable`] or [`SwitchError::Unconfirmed`] where the backend gave no answer.
    async fn observe(&self) -> Result<Observed, SwitchError>;

    /// Makes `change`, and returns once the backend has it in force.
    ///
    /// # Errors
    ///
    /// See [`SwitchError`]; each variant says whether anything changed.
    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError>;

    /// Waits until `slot` holds no request, or says how many were left at `limit`.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Refused`] where the slot still has weight; transport errors as for `observe`.
    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError>;
}

/// Conveniences on every [`TrafficSwitcher`].
#[async_trait]
pub trait TrafficSwitcherExt: TrafficSwitcher {
    /// Refuses with [`SwitchError::Unsupported`] what [`TrafficSwitcher::capabilities`] rules out.
    ///
    /// # Errors
    ///
    /// Only [`SwitchError::Unsupported`].
    fn check(&self, backend: &'static str, route: &Route) -> Result<(), SwitchError> {
        match self.capabilities().missing_for(route) {
            Some(feature) => Err(SwitchError::Unsupported { backend, feature }),
            None => Ok(()),
        }
    }

    /// Serves `split`, whatever is in force, with the fence last seen.
    ///
    /// # Errors
    ///
    /// As [`TrafficSwitcher::apply`].
    async fn shift_to(&self, split: Split, op: OpId) -> Result<Observed, SwitchError> {
        let fence = self.observe().await?.fence.unwrap_or(Fence::ZERO);
        self.apply(&Change { route: Route::serve(split), expected: Expected::Any, op, fence }).await
    }
}

impl<T: TrafficSwitcher + ?Sized> TrafficSwitcherExt for T {}

/// A shared or boxed switcher is one too, so that layers can wrap what was picked at run time.
macro_rules! forward {
    ($($pointer:ident),*) => {$(
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<T: TrafficSwitcher + ?Sized> TrafficSwitcher for $pointer<T> {
            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }

            async fn observe(&self) -> Result<Observed, SwitchError> {
                (**self).observe().await
            }

            async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
                (**self).apply(change).await
            }

            async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
                (**self).drain(slot, limit).await
            }
        }
    )*};
}

forward!(Arc, Box);

/// Keeps the trait usable as `dyn`: the command line picks a backend at run time.
const _: fn(&dyn TrafficSwitcher) = |_| {};
