use std::sync::Arc;

use async_trait::async_trait;
use handover_core::Retry;
use handover_runbook::{Decision, Signals, StepError, Watch};
use serde_json::json;

use super::failed;
use crate::{Plan, World};

/// Asks the candidate through the pin, before any user does.
#[derive(Debug)]
pub(crate) struct Smoke {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
}

#[async_trait]
impl Watch for Smoke {
    async fn watch(&self, _: &Signals) -> Result<Decision, StepError> {
        for test in &self.plan.smoke {
            match self.world.front.smoke(self.plan.slot, test).await {
                Ok(()) => {}
                // The edge could not be asked: that says nothing of the candidate.
                Err(error) if error.retry != Retry::Never => {
                    return Err(failed(format!("could not run smoke test {}", test.name), error));
                }
                Err(error) => {
                    let why = format!("release {} failed its smoke test: {error}", self.plan.candidate);
                    let log = self.world.launcher.last_lines(self.plan.slot, &self.plan.run).await;
                    return Ok(Decision::TurnBack {
                        why,
                        evidence: json!({ "smoke": test.name, "log": log }),
                    });
                }
            }
        }
        let passed: Vec<_> = self.plan.smoke.iter().map(|test| &test.name).collect();
        Ok(Decision::Proceed(json!({ "passed": passed })))
    }
}
