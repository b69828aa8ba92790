//! A bound on every call.

use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use tokio::time::timeout;

use crate::{Capabilities, Change, Drained, Observed, SwitchError, TrafficSwitcher};

/// How the layer calls the silent one in errors.
const NAME: &str = "the backend";

/// Gives up a call that lasts too long, by dropping it.
///
/// What that means is the method's: a change without an answer may have been made, so `apply` is `Unconfirmed`;
/// reading changes nothing, so `observe` is `Unreachable`. A drain may last its own limit and the bound on top, and
/// is `Unconfirmed` then: nobody knows what is left, and a backend may have closed upgraded connections.
#[derive(Debug)]
pub struct Timeout<S> {
    inner: S,
    after: Duration,
}

impl<S> Timeout<S> {
    /// A layer around `inner` in which a call may last `after`.
    pub const fn new(inner: S, after: Duration) -> Self {
        Self { inner, after }
    }

    /// The backend behind the layer.
    pub const fn inner(&self) -> &S {
        &self.inner
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: TrafficSwitcher> TrafficSwitcher for Timeout<S> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        let answer = timeout(self.after, self.inner.observe()).await;
        answer.unwrap_or_else(|_| Err(unreachable(self.after)))
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let answer = timeout(self.after, self.inner.apply(change)).await;
        answer.unwrap_or_else(|_| Err(unconfirmed(self.after)))
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let bound = limit.saturating_add(self.after);
        let answer = timeout(bound, self.inner.drain(slot, limit)).await;
        answer.unwrap_or_else(|_| Err(unconfirmed(bound)))
    }
}

fn unreachable(after: Duration) -> SwitchError {
    SwitchError::Unreachable { backend: NAME, source: format!("no answer within {after:?}").into() }
}

const fn unconfirmed(after: Duration) -> SwitchError {
    SwitchError::Unconfirmed { backend: NAME, after, source: None }
}
