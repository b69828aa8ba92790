use std::sync::Arc;

use async_trait::async_trait;
use handover_runbook::{Effect, Op, StepError};
use serde_json::{Value, json};

use super::failed;
use crate::{Plan, World};

/// Names the candidate stable; from here on the way back is a run of its own.
#[derive(Debug)]
pub(crate) struct Settle {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
}

#[async_trait]
impl Effect for Settle {
    fn want(&self) -> Value {
        json!({ "stable": self.plan.candidate, "slot": self.plan.slot })
    }

    async fn observe(&self) -> Result<Value, StepError> {
        let stable = self.world.launcher.stable().await;
        let stable = stable.map_err(|e| failed("could not ask which release is stable", e))?;
        Ok(match stable {
            Some((slot, release)) => json!({ "stable": release, "slot": slot }),
            None => json!({ "stable": null, "slot": null }),
        })
    }

    async fn apply(&self, op: &Op) -> Result<(), StepError> {
        let Plan { slot, candidate, retain, .. } = &*self.plan;
        let settled = self.world.launcher.settle(*slot, candidate, *retain, op.fence).await;
        settled.map_err(|e| failed(format!("could not name release {candidate} stable"), e))
    }
}
