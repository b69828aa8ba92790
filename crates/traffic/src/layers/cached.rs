//! One observation serves for a while.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use tokio::time::Instant;

use crate::{Capabilities, Change, Drained, Observed, SwitchError, TrafficSwitcher};

/// Answers a look with what the last one saw, for a while: for a platform whose quota is by the hour.
///
/// A change through this layer ends what was seen before it and while it was being made, also where it failed or was given
/// up; what it was answered with, having been read back, serves as well as a look. What somebody else did meanwhile is seen late by that while, and no later; it is
/// never acted upon, since a change is compared with the backend's own revision and not with this one's.
#[derive(Debug)]
pub struct Cached<S> {
    inner: S,
    lasts: Duration,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    seen: Option<(Instant, Observed)>,
    /// How often a change began or ended: what was read before that is not kept after it.
    changes: u64,
}

impl<S> Cached<S> {
    /// A layer around `inner` in which a look serves for `lasts`.
    pub const fn new(inner: S, lasts: Duration) -> Self {
        Self { inner, lasts, kept: Mutex::new(Kept { seen: None, changes: 0 }) }
    }

    /// The backend behind the layer.
    pub const fn inner(&self) -> &S {
        &self.inner
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recent(&self) -> Result<Observed, u64> {
        let kept = self.kept();
        let recent = kept.seen.as_ref().filter(|(at, _)| at.elapsed() < self.lasts);
        recent.map(|(_, seen)| seen.clone()).ok_or(kept.changes)
    }

    fn keep(&self, seen: &Observed, at: Instant, changes: u64) {
        let mut kept = self.kept();
        if kept.changes == changes {
            kept.seen = Some((at, seen.clone()));
        }
    }
}

/// A change that is being made. Where it ends, made or not or given up, what was seen meanwhile is worth nothing.
struct Changing<'a>(&'a Mutex<Kept>);

impl<'a> Changing<'a> {
    fn begin(kept: &'a Mutex<Kept>) -> Self {
        let changing = Self(kept);
        changing.forget();
        changing
    }

    fn forget(&self) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (kept.seen, kept.changes) = (None, kept.changes + 1);
    }
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        self.forget();
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: TrafficSwitcher> TrafficSwitcher for Cached<S> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        let changes = match self.recent() {
            Ok(seen) => return Ok(seen),
            Err(changes) => changes,
        };
        let at = Instant::now();
        let seen = self.inner.observe().await?;
        self.keep(&seen, at, changes);
        Ok(seen)
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let changing = Changing::begin(&self.kept);
        let made = self.inner.apply(change).await?;
        drop(changing);
        let changes = self.kept().changes;
        self.keep(&made, Instant::now(), changes);
        Ok(made)
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.inner.drain(slot, limit).await
    }
}
