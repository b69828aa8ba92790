use std::sync::Arc;

use async_trait::async_trait;
use handover_core::{ReleaseId, Slot};
use handover_runbook::{Effect, Op, StepError};
use serde_json::{Value, json};

use super::failed;
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
        stop(&self.world, self.plan.slot, evicted, op).await
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
        stop(&self.world, self.plan.slot, &self.plan.candidate, op).await
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

async fn stop(world: &World, slot: Slot, release: &ReleaseId, op: &Op) -> Result<(), StepError> {
    let stopped = world.launcher.stop(slot, release, op.fence).await;
    stopped.map_err(|e| failed(format!("could not stop release {release}"), e))
}
