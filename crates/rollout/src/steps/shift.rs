use std::sync::Arc;

use async_trait::async_trait;
use handover_runbook::{Effect, Op, StepError};
use handover_traffic::{Change, Expected, Mode, Route, SwitchError};
use serde_json::{Value, json};

use super::not_switched;
use crate::{Plan, World};

/// Gives the candidate a share of the traffic.
#[derive(Debug)]
pub(crate) struct Shift {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
    pub(crate) bps: u16,
}

#[async_trait]
impl Effect for Shift {
    fn want(&self) -> Value {
        terms(Route::serve(self.plan.split(self.bps)))
    }

    async fn observe(&self) -> Result<Value, StepError> {
        match self.world.traffic.observe().await {
            // A first release comes to where neither slot had traffic, so there is nothing to lose.
            Err(SwitchError::Elsewhere { found, .. }) if self.plan.stable.is_none() => {
                Ok(json!({ "elsewhere": found }))
            }
            seen => Ok(terms(seen.map_err(|e| not_switched("could not read the split", e))?.route)),
        }
    }

    async fn apply(&self, op: &Op) -> Result<(), StepError> {
        let route = Route::serve(self.plan.split(self.bps));
        let attempted = || format!("could not move traffic to {}", route.split);
        let expected = match self.world.traffic.observe().await {
            Ok(now) => Expected::Revision(now.revision),
            Err(SwitchError::Elsewhere { .. }) if self.plan.stable.is_none() => Expected::Any,
            Err(error) => return Err(not_switched(attempted(), error)),
        };
        let change = Change { route, expected, op: op.id.clone(), fence: op.fence };
        let applied = self.world.traffic.apply(&change).await;
        applied.map_err(|e| not_switched(attempted(), e))?;
        // A source that is not where the requests are does not see the split by itself.
        self.world.windows.moved(self.bps);
        Ok(())
    }
}

/// A route as the journal keeps it. Until when a hold lasts is not part of a plan.
pub(super) fn terms(route: Route) -> Value {
    json!({ "green_bps": route.split.green_bps(), "held": matches!(route.mode, Mode::Hold { .. }) })
}
