use std::sync::Arc;

use async_trait::async_trait;
use handover_runbook::{Decision, Signals, StepError, Watch};
use serde_json::json;

use super::failed;
use crate::{Plan, World};

/// Begins the windows that the judge will read. Beginning the same again is nothing, so a resumed run may.
#[derive(Debug)]
pub(crate) struct BeginWindows {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
}

#[async_trait]
impl Watch for BeginWindows {
    async fn watch(&self, _: &Signals) -> Result<Decision, StepError> {
        let Plan { run, slot, judge, .. } = &*self.plan;
        let epoch = self.world.windows.begin(run, *slot, judge.max_p95).await;
        let epoch = epoch.map_err(|e| failed("could not begin windows", e.into()))?;
        Ok(Decision::Proceed(json!({ "epoch": epoch })))
    }
}
