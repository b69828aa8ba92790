use std::sync::Arc;

use async_trait::async_trait;
use handover_runbook::{Effect, Op, StepError};
use serde_json::{Value, json};

use super::failed;
use crate::{Plan, World};

/// Launches the candidate in its slot. Idempotent by run and slot: a resumed run finds its own release there.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
}

#[async_trait]
impl Effect for Launch {
    fn want(&self) -> Value {
        json!({ "release": self.plan.candidate })
    }

    async fn observe(&self) -> Result<Value, StepError> {
        let slot = self.plan.slot;
        let there = self.world.launcher.look(slot).await;
        let there = there.map_err(|e| failed(format!("could not look at {slot}"), e))?;
        Ok(json!({ "release": there.map(|occupant| occupant.release) }))
    }

    async fn apply(&self, op: &Op) -> Result<(), StepError> {
        let Plan { slot, candidate, run, .. } = &*self.plan;
        let launched = self.world.launcher.launch(*slot, candidate, run, op.fence).await;
        launched.map_err(|e| failed(format!("could not launch release {candidate}"), e))
    }
}
