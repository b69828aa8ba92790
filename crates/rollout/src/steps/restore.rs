use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Retry, Slot};
use handover_runbook::{Effect, Op, StepError};
use handover_traffic::{Change, Expected, Route, Split, SwitchError};
use serde_json::{Value, json};

use super::shift::terms;
use super::{failed, not_switched, refused};
use crate::{Plan, World, WorldError};

/// How long until stable is asked again, when it cannot take the traffic back yet.
const STABLE_PAUSE: Duration = Duration::from_millis(500);

/// Takes all traffic back to stable, from every state. Stable is asked first: a release that is down is no way back.
#[derive(Debug)]
pub(crate) struct Restore {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
}

#[async_trait]
impl Effect for Restore {
    fn want(&self) -> Value {
        // Without a former release nothing can be wanted but the state that cannot be reached: see `apply`.
        self.plan.stable_slot().map_or(Value::Null, |slot| terms(Route::serve(Split::all(slot))))
    }

    async fn observe(&self) -> Result<Value, StepError> {
        match self.world.traffic.observe().await {
            // What is on its way would take the traffic later: it has to be called off, though all seems well.
            Ok(now) if now.moving => Ok(json!({ "moving": terms(now.route) })),
            // Somebody else sent it elsewhere: that too is a place to come back from.
            Err(SwitchError::Elsewhere { found, .. }) => Ok(json!({ "elsewhere": found })),
            seen => Ok(terms(seen.map_err(|e| not_switched("could not read the split", e))?.route)),
        }
    }

    async fn apply(&self, op: &Op) -> Result<(), StepError> {
        let Some(slot) = self.plan.stable_slot() else {
            let kept = format!("release {} keeps the traffic", self.plan.candidate);
            return Err(refused("there is no former release to go back to", kept));
        };
        self.stable_serves(slot).await?;
        let route = Route::serve(Split::all(slot));
        let change = Change { route, expected: Expected::Any, op: op.id.clone(), fence: op.fence };
        let applied = self.world.traffic.apply(&change).await;
        applied.map(drop).map_err(|e| not_switched("could not take traffic back", e))
    }
}

impl Restore {
    async fn stable_serves(&self, slot: Slot) -> Result<(), StepError> {
        let there = self.world.launcher.look(slot).await;
        let there = there.map_err(|e| failed("could not ask for stable's health", e))?;
        let down = match there {
            Some(occupant) if occupant.ready => return Ok(()),
            Some(occupant) => format!("release {} is not ready: {}", occupant.release, occupant.summary),
            None => format!("nothing runs in {slot}"),
        };
        let error =
            WorldError { message: down, retry: Retry::After(STABLE_PAUSE), fenced: false, source: None };
        Err(failed("could not take traffic back", error))
    }
}
