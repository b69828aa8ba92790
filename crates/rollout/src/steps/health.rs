use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_runbook::{Decision, Signals, StepError, Watch};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::failed;
use crate::words::words;
use crate::{Occupant, Plan, World};

/// How often the launcher is asked. The launcher itself probes at the release's own interval.
const PERIOD: Duration = Duration::from_millis(50);

/// A launcher that enforces the same limit says more about the cause, so it gets to speak first. It has none for a release
/// that was ready once and is returned to.
const LAUNCHER_FIRST: Duration = Duration::from_secs(2);

/// Waits until every instance of the candidate is ready; the launcher says when it never will be.
#[derive(Debug)]
pub(crate) struct Health {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
}

#[async_trait]
impl Watch for Health {
    async fn watch(&self, _: &Signals) -> Result<Decision, StepError> {
        let deadline = Instant::now() + self.plan.start_limit + LAUNCHER_FIRST;
        loop {
            let there = self.world.launcher.look(self.plan.slot).await;
            let there = there.map_err(|e| failed("could not ask for the candidate's health", e))?;
            let summary = there.as_ref().map(|occupant| occupant.summary.clone()).unwrap_or_default();
            if let Some(decision) = self.decide(there) {
                return Ok(decision);
            }
            if Instant::now() > deadline {
                return Ok(self.too_late(&summary));
            }
            tokio::time::sleep(PERIOD).await;
        }
    }
}

impl Health {
    fn too_late(&self, summary: &str) -> Decision {
        let Plan { candidate, start_limit, .. } = &*self.plan;
        let why = format!("release {candidate} was not ready within {}: {summary}", words(*start_limit));
        Decision::TurnBack { why, evidence: Value::Null }
    }

    fn decide(&self, there: Option<Occupant>) -> Option<Decision> {
        let candidate = &self.plan.candidate;
        match there {
            Some(Occupant { release, failure: Some((cause, log)), .. }) if release == *candidate => {
                let why = format!("release {candidate} did not come up: {cause}");
                Some(Decision::TurnBack { why, evidence: json!({ "cause": cause, "log": log }) })
            }
            Some(Occupant { release, ready: true, summary, .. }) if release == *candidate => {
                Some(Decision::Proceed(json!({ "ready": summary })))
            }
            Some(Occupant { release, .. }) if release == *candidate => None,
            other => {
                let found = other.map(|occupant| occupant.release);
                let why = format!("release {candidate} is no longer in {}", self.plan.slot);
                Some(Decision::TurnBack { why, evidence: json!({ "found": found }) })
            }
        }
    }
}
