use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use handover_runbook::{Decision, Signals, StepError, Watch};
use serde_json::Value;

use super::not_switched;
use crate::World;

/// Lets a slot finish what it began. What is left at the limit is reported, not cut: the old release stays warm.
#[derive(Debug)]
pub(crate) struct Drain {
    pub(crate) slot: Slot,
    pub(crate) limit: Duration,
    pub(crate) world: World,
}

#[async_trait]
impl Watch for Drain {
    async fn watch(&self, _: &Signals) -> Result<Decision, StepError> {
        let drained = self.world.traffic.drain(self.slot, self.limit).await;
        let drained = drained.map_err(|e| not_switched(format!("could not drain {}", self.slot), e))?;
        Ok(Decision::Proceed(serde_json::to_value(drained).unwrap_or(Value::Null)))
    }
}
