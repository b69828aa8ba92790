use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use handover_core::{BySlot, Slot};
use handover_traffic::railway::{Deployment, Railway};
use tokio::time::Instant;

use super::world;
use crate::WorldError;

/// What each slot's deployment was like when it was last looked at: each look is a request, and a quota is by the hour.
#[derive(Debug, Default)]
pub(super) struct Looks(BySlot<Mutex<Option<(Instant, Deployment)>>>);

impl Looks {
    /// The deployment, as it is now or was no longer ago than `good_for` says of what was seen.
    pub(super) async fn at(
        &self,
        railway: &Railway,
        slot: Slot,
        id: &str,
        good_for: impl Fn(&Deployment) -> Duration,
    ) -> Result<Deployment, WorldError> {
        if let Some(recent) = self.recent(slot, id, good_for) {
            return Ok(recent);
        }
        let found = railway.deployment(id).await.map_err(|e| world(&e))?;
        let seen = Some((Instant::now(), found.clone()));
        *self.0[slot].lock().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(found)
    }

    fn recent(&self, slot: Slot, id: &str, good_for: impl Fn(&Deployment) -> Duration) -> Option<Deployment> {
        let looked = self.0[slot].lock().unwrap_or_else(PoisonError::into_inner);
        let recent = looked.as_ref().filter(|(at, seen)| seen.id == id && at.elapsed() < good_for(seen));
        recent.map(|(_, seen)| seen.clone())
    }
}
