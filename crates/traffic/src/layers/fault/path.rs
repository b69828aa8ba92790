use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use handover_core::{OpId, Slot};

use super::Mishap;
use super::mishap::strike;
use crate::{Change, Drained, Observed, Route, Split, SwitchError, TrafficSwitcher};

/// The way to a backend, on which each call may meet a mishap.
#[derive(Debug, Default)]
pub(crate) struct Path {
    /// Changes that were overtaken and have not arrived yet.
    late: Mutex<Vec<Change>>,
}

impl Path {
    pub(crate) async fn observe(
        &self,
        backend: &dyn TrafficSwitcher,
        mishap: Option<Mishap>,
    ) -> Result<Observed, SwitchError> {
        let late = self.take_late();
        let answer = strike(mishap, || backend.observe()).await;
        arrive(backend, late).await;
        answer
    }

    pub(crate) async fn apply(
        &self,
        backend: &dyn TrafficSwitcher,
        mishap: Option<Mishap>,
        change: &Change,
    ) -> Result<Observed, SwitchError> {
        let late = self.take_late();
        if mishap == Some(Mishap::Reorder) {
            self.lock_late().push(change.clone());
        }
        let answer = struck(backend, mishap, change).await;
        arrive(backend, late).await;
        answer
    }

    pub(crate) async fn drain(
        &self,
        backend: &dyn TrafficSwitcher,
        mishap: Option<Mishap>,
        slot: Slot,
        limit: Duration,
    ) -> Result<Drained, SwitchError> {
        let late = self.take_late();
        let answer = strike(mishap, || backend.drain(slot, limit)).await;
        arrive(backend, late).await;
        answer
    }

    fn take_late(&self) -> Vec<Change> {
        std::mem::take(&mut *self.lock_late())
    }

    fn lock_late(&self) -> MutexGuard<'_, Vec<Change>> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was overtaken reaches the backend. Nobody waits for the answers any more.
async fn arrive(backend: &dyn TrafficSwitcher, late: Vec<Change>) {
    for change in late {
        let _ = backend.apply(&change).await;
    }
}

async fn struck(
    backend: &dyn TrafficSwitcher,
    mishap: Option<Mishap>,
    change: &Change,
) -> Result<Observed, SwitchError> {
    if mishap == Some(Mishap::Partial)
        && let Some(half) = half_of(backend, change).await?
    {
        backend.apply(&half).await?;
    }
    strike(mishap, || backend.apply(change)).await
}

/// The first half of a change, as a change of its own; `None` where there is no such thing.
async fn half_of(backend: &dyn TrafficSwitcher, change: &Change) -> Result<Option<Change>, SwitchError> {
    let can = backend.capabilities();
    let from = backend.observe().await?.route.split.green_bps();
    let middle = Split::from_green_bps(from.midpoint(change.route.split.green_bps())).ok();
    Ok(middle
        .map(|split| Route { split, ..change.route })
        .filter(|route| !can.atomic && can.missing_for(route).is_none())
        .map(|route| Change { route, op: OpId::new(format!("{} (half)", change.op)), ..change.clone() }))
}
