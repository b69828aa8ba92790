use std::sync::Arc;

use async_trait::async_trait;
use handover_core::{ReleaseId, Slot};
use handover_runbook::{Effect, Op, StepError};
use serde_json::{Value, json};

use super::{Verify, failed, not_switched, refused};
use crate::{Plan, World};

/// Stops what the candidate's slot still holds: the release retained by an earlier run.
#[derive(Debug)]
pub(crate) struct Evict {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
}

/// Stops the candidate after traffic left it.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
}

#[async_trait]
impl Effect for Evict {
    fn want(&self) -> Value {
        gone(true)
    }

    async fn observe(&self) -> Result<Value, StepError> {
        let Some(evicted) = &self.plan.evict else { return Ok(gone(true)) };
        is_gone(&self.world, self.plan.slot, evicted).await
    }

    async fn apply(&self, op: &Op) -> Result<(), StepError> {
        let Some(evicted) = &self.plan.evict else { return Ok(()) };
        self.traffic_is_elsewhere(evicted).await?;
        stop(&self.world, self.plan.slot, evicted, op).await
    }
}

impl Evict {
    /// It lost its traffic in an earlier run, which may be long ago: that is proven anew, and what it still answers is
    /// let go on for a while.
    async fn traffic_is_elsewhere(&self, evicted: &ReleaseId) -> Result<(), StepError> {
        let attempted = || format!("could not stop release {evicted}");
        if self.plan.stable.is_some() {
            Verify::restored(&self.plan, self.world.clone()).prove().await?;
        }
        let drained = self.world.traffic.drain(self.plan.slot, self.plan.drain).await;
        drained.map(drop).map_err(|e| not_switched(attempted(), e))
    }
}

#[async_trait]
impl Effect for Stop {
    fn want(&self) -> Value {
        gone(true)
    }

    async fn observe(&self) -> Result<Value, StepError> {
        is_gone(&self.world, self.plan.slot, &self.plan.candidate).await
    }

    async fn apply(&self, op: &Op) -> Result<(), StepError> {
        let Plan { slot, candidate, drain, .. } = &*self.plan;
        if self.world.launcher.stops() {
            // The step before may have failed: what it answers still is let go on all the same, or it is not stopped.
            let drained = self.world.traffic.drain(*slot, *drain).await;
            drained.map_err(|e| not_switched(format!("could not stop release {candidate}"), e))?;
        }
        stop(&self.world, *slot, candidate, op).await
    }
}

fn gone(yes: bool) -> Value {
    json!({ "gone": yes })
}

async fn is_gone(world: &World, slot: Slot, release: &ReleaseId) -> Result<Value, StepError> {
    let there =
        world.launcher.look(slot).await.map_err(|e| failed(format!("could not look at {slot}"), e))?;
    Ok(gone(there.is_none_or(|occupant| occupant.release != *release)))
}

/// Stops a release, once the backend itself says that its slot has no traffic. Not knowing is no reason to stop.
async fn stop(world: &World, slot: Slot, release: &ReleaseId, op: &Op) -> Result<(), StepError> {
    let attempted = || format!("could not stop release {release}");
    let split = world.split().await.map_err(|e| not_switched(attempted(), e))?;
    if split.bps(slot) > 0 {
        return Err(refused(attempted(), format!("{slot} still has traffic: {split}")));
    }
    if world.launcher.stops() && !world.front.names_releases() {
        return Err(refused(
            attempted(),
            "no answer names its release, so nothing proves that its traffic has gone",
        ));
    }
    let stopped = world.launcher.stop(slot, release, op.fence).await;
    stopped.map_err(|e| failed(attempted(), e))
}
