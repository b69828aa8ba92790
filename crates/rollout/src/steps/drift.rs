use handover_runbook::{Decision, StepError};
use handover_traffic::{Split, SwitchError};
use serde_json::json;

use crate::World;

/// Looks that must agree before a split that nobody of ours made counts: one may fall into the middle of a change.
const LOOKS: u32 = 2;

/// Waits until somebody else has moved the traffic: a reload, an operator, another tool. What was judged since then was
/// not what the plan says, so the run goes back.
///
/// A change made through handover itself is not this: whoever made it has raised the fence, or left an order.
pub(super) async fn drifted(world: &World, wanted: Split) -> Result<Decision, StepError> {
    let (every, mut seen) = (world.traffic.capabilities().observe_every, 0);
    loop {
        tokio::time::sleep(every).await;
        let found = strange(world, wanted).await;
        seen = if found.is_some() { seen + 1 } else { 0 };
        if let Some(found) = found.filter(|_| seen >= LOOKS) {
            let why = format!("somebody else moved the traffic: it was set to {wanted}, and is {found}");
            return Ok(Decision::TurnBack { why, evidence: json!({ "drift": found }) });
        }
    }
}

/// What is in force instead, where that is known and nobody of ours made it.
async fn strange(world: &World, wanted: Split) -> Option<String> {
    match world.traffic.observe().await {
        Ok(now) if now.route.split != wanted && now.last_op.is_none() => Some(now.route.split.to_string()),
        Err(SwitchError::Elsewhere { found, .. }) => Some(found),
        // A backend that does not answer says nothing about the split.
        _ => None,
    }
}
