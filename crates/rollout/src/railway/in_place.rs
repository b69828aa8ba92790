use std::time::Duration;

use async_trait::async_trait;
use handover_core::{ReleaseId, RunId, Slot};
use handover_traffic::logbook::Logbook;
use handover_traffic::railway::{Deployment, Ended, Railway, Status};

use super::looks::Looks;
use super::{Template, condition, last_lines, unwritten, world};
use crate::WorldError;
use crate::hosted::{Condition, Host, Seat};

/// One look at what is not ready serves for so long: each is a request, and a quota is by the hour.
const LOOK: Duration = Duration::from_secs(5);

/// Releases of one service that is deployed into in place.
///
/// Railway builds a release, checks its health, gives it the traffic and stops the one before, all in one. So a launch
/// only writes down what the slot stands for; the deployment is made when traffic is brought there. Until then a release
/// counts as ready: whether it is healthy Railway finds out as it takes over, and a release that is not never has traffic.
#[derive(Debug)]
pub struct RailwayHost {
    railway: Railway,
    logbook: Logbook,
    template: Template,
    looks: Looks,
}

impl RailwayHost {
    /// Releases of the service that `railway` names. `logbook` is the one of the switcher that moves its traffic.
    pub fn new(railway: Railway, logbook: Logbook, template: Template) -> Self {
        Self { railway, logbook, template, looks: Looks::default() }
    }

    /// The deployment that a slot stands for, once there is one.
    async fn deployment(&self, slot: Slot) -> Result<Option<String>, WorldError> {
        let targets = self.logbook.targets().await.map_err(unwritten)?;
        let target = targets[slot].as_deref().unwrap_or_default();
        Ok(target.strip_prefix("deployment:").map(str::to_owned))
    }

    async fn is_sound(&self, id: &str, target: &str) -> Result<bool, WorldError> {
        let found = self.railway.deployment(id).await.map_err(|e| world(&e))?;
        let failed = matches!(found.status, Status::Over(ended) if ended != Ended::Removed);
        Ok(found.runs().as_deref() == Some(target) && !failed)
    }

    /// The deployment that a slot stands for, as it was when it was last looked at: each look is a request, and a quota is
    /// by the hour.
    async fn looked_at(&self, slot: Slot, id: &str) -> Result<Deployment, WorldError> {
        let good_for = |seen: &Deployment| if is_ready(seen) { self.railway.watching() } else { LOOK };
        self.looks.at(&self.railway, slot, id, good_for).await
    }

    async fn condition(&self, found: &Deployment) -> Condition {
        match condition(&found.id, &found.status, Vec::new()) {
            Condition::Failed { cause, .. } => {
                Condition::Failed { cause, log: last_lines(&self.railway, &found.id).await }
            }
            // What Railway stopped comes back by a rollback, so it is there for the way back.
            Condition::Gone => way_back(&found.id, comes_back(found)),
            other => other,
        }
    }
}

fn comes_back(deployment: &Deployment) -> bool {
    deployment.can_rollback || deployment.can_redeploy
}

fn is_ready(deployment: &Deployment) -> bool {
    match deployment.status {
        Status::Success | Status::Sleeping => true,
        Status::Over(Ended::Removed) => comes_back(deployment),
        _ => false,
    }
}

fn way_back(id: &str, possible: bool) -> Condition {
    if possible {
        return Condition::Ready { summary: format!("deployment {id} can be rolled back to"), restarts: 0 };
    }
    Condition::Gone
}

#[async_trait]
impl Host for RailwayHost {
    async fn look(&self, slot: Slot, _: &Seat) -> Result<Condition, WorldError> {
        let Some(id) = self.deployment(slot).await? else {
            let summary = "Railway builds and checks it as it takes over".to_owned();
            return Ok(Condition::Ready { summary, restarts: 0 });
        };
        let found = self.looked_at(slot, &id).await?;
        Ok(self.condition(&found).await)
    }

    /// A slot that stands for a sound deployment of this very release is left as it is: bringing traffic there rolls back
    /// to it, without a build.
    async fn launch(&self, slot: Slot, release: &ReleaseId, _: &RunId) -> Result<(), WorldError> {
        let target = self.template.target(release);
        if let Some(id) = self.deployment(slot).await?
            && self.is_sound(&id, &target).await?
        {
            return Ok(());
        }
        self.logbook.assign(slot, Some(target)).await.map_err(unwritten)
    }

    /// Nothing: Railway itself stops a deployment that was followed by another, after its overlap and draining. What is
    /// left of it is an image for the way back, which costs nothing.
    async fn stop(&self, _: Slot, _: &Seat) -> Result<(), WorldError> {
        Ok(())
    }

    fn stops(&self) -> bool {
        false
    }

    /// What has been running before handover came, by what it runs.
    async fn found(&self, slot: Slot) -> Result<Option<ReleaseId>, WorldError> {
        let Some(id) = self.deployment(slot).await? else { return Ok(None) };
        let found = self.looked_at(slot, &id).await?;
        let named = found.runs().and_then(|runs| self.template.release(&runs));
        Ok(named.or_else(|| id.parse().ok()))
    }

    async fn last_lines(&self, slot: Slot, _: &Seat) -> Vec<String> {
        match self.deployment(slot).await {
            Ok(Some(id)) => last_lines(&self.railway, &id).await,
            _ => Vec::new(),
        }
    }
}
