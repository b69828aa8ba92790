use std::sync::Arc;

use async_trait::async_trait;
use handover_runbook::{Decision, Signals, StepError, Watch};
use serde_json::json;

use super::{failed, refused};
use crate::{MigrationCheck, Plan, World};

/// Looks whether the migrations are those that were judged when the run was planned.
#[derive(Debug)]
pub(crate) struct Migrations {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
}

const ATTEMPTED: &str = "could not look at the migrations";

#[async_trait]
impl Watch for Migrations {
    async fn watch(&self, _: &Signals) -> Result<Decision, StepError> {
        let Some(check) = &self.plan.migrations else { return Ok(Decision::Proceed(json!(null))) };
        let Some(files) = &self.world.migrations else {
            return Err(refused(ATTEMPTED, "whoever drives this run was not given their files"));
        };
        let found = files.fingerprint().map_err(|error| failed(ATTEMPTED, error))?;
        Ok(if found == check.fingerprint { proceed(check) } else { changed(check, &found) })
    }
}

fn proceed(check: &MigrationCheck) -> Decision {
    Decision::Proceed(json!({ "migrations": check.told() }))
}

fn changed(check: &MigrationCheck, found: &str) -> Decision {
    let folders: Vec<_> = check.folders.iter().map(|folder| folder.display().to_string()).collect();
    Decision::TurnBack {
        why: format!(
            "the migrations in {} have changed since the run was planned: plan it again, so that they are judged",
            folders.join(", ")
        ),
        evidence: json!({ "judged": check.fingerprint, "found": found }),
    }
}
