//! Asking for a deployment, with everything written down first that finds it again.

use std::time::Duration;

use handover_core::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::bring::{Attempt, ours, refused, unconfirmed};
use super::failure;
use super::note::Note;
use crate::SwitchError;
use crate::logbook::Intent;
use crate::railway::Railway;
use crate::railway::artefact::Target;
use crate::railway::client::with;
use crate::railway::documents::{DEPLOY, REDEPLOY, ROLLBACK, UPDATE};
use crate::railway::standing::Standing;
use crate::railway::wait::unsure;

impl Attempt<'_> {
    /// Sends the order, with everything written down first that finds it again.
    pub(super) async fn begin(
        &self,
        intent: &mut Intent<'_>,
        standing: &Standing,
    ) -> Result<String, SwitchError> {
        let image = standing.service.source.as_ref().and_then(|source| source.image.clone());
        let note = Note {
            mark: standing.mark(),
            sent: Timestamp::now(),
            target: self.target.to_string(),
            image,
            made: None,
        };
        match &self.target {
            Target::Commit(sha) => self.deploy(intent, note, json!(sha)).await,
            Target::Image(image) => {
                if note.image.as_ref() != Some(image) {
                    set_image(self.railway, image).await?;
                }
                self.deploy(intent, note, Value::Null).await
            }
            Target::Deployment(id) => self.go_back(intent, note, standing, id).await,
        }
    }

    async fn deploy(
        &self,
        intent: &mut Intent<'_>,
        note: Note,
        commit: Value,
    ) -> Result<String, SwitchError> {
        intent.remember(&note).await?;
        let variables = with(self.railway.names(), json!({ "commit": commit }));
        let answer = self.railway.order(DEPLOY, variables, "serviceInstanceDeployV2").await;
        if answer.as_ref().is_err_and(|error| !matches!(error, SwitchError::Unconfirmed { .. })) {
            failure::put_image_back(self, &note).await;
        }
        self.made(intent, note, answer?).await
    }

    async fn go_back(
        &self,
        intent: &mut Intent<'_>,
        note: Note,
        standing: &Standing,
        id: &str,
    ) -> Result<String, SwitchError> {
        let old = match standing.find(id) {
            Some(old) => old.clone(),
            None => self.railway.deployment(id).await?,
        };
        if old.can_rollback {
            intent.remember(&note).await?;
            match self.railway.accepted(ROLLBACK, json!({ "id": id }), "deploymentRollback").await {
                Ok(()) => return self.rolled_back(intent, note, standing).await,
                // Its image may have gone since the last look.
                Err(error @ SwitchError::Refused { .. }) => {
                    if self.railway.deployment(id).await?.can_rollback {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        if old.can_redeploy {
            return self.build_again(intent, note, id).await;
        }
        Err(refused(&format!("deployment {id} can be neither rolled back to nor built again")))
    }

    /// Without an image the way back is a build: slower, and of what the sources give today.
    async fn build_again(
        &self,
        intent: &mut Intent<'_>,
        note: Note,
        id: &str,
    ) -> Result<String, SwitchError> {
        intent.remember(&note).await?;
        let built: Redeployed =
            self.railway.order(REDEPLOY, json!({ "id": id }), "deploymentRedeploy").await?;
        self.made(intent, note, built.id).await
    }

    /// The answer to a rollback is yes, without a name: the list has it.
    async fn rolled_back(
        &self,
        intent: &mut Intent<'_>,
        note: Note,
        standing: &Standing,
    ) -> Result<String, SwitchError> {
        let wanted = standing.artefact(&self.target);
        loop {
            let newest = self.newest().await.map_err(|e| unsure("a rollback was accepted", &e))?;
            if let Some(id) = ours(&newest, &note, &wanted) {
                return self.made(intent, note, id).await;
            }
            let Some(left) = note.unsettled(self.railway.limits().settle) else {
                let said = "a rollback was accepted, and no new deployment is listed";
                return Err(unconfirmed(Duration::ZERO, said.to_owned()));
            };
            sleep(left.min(self.railway.limits().poll)).await;
        }
    }

    async fn made(&self, intent: &mut Intent<'_>, note: Note, id: String) -> Result<String, SwitchError> {
        let kept = intent.remember(&Note { made: Some(id.clone()), ..note }).await;
        kept.map_err(|e| unsure(&format!("deployment {id} was asked for"), &e)).map(|()| id)
    }
}

#[derive(Deserialize)]
struct Redeployed {
    id: String,
}

pub(super) async fn set_image(railway: &Railway, image: &str) -> Result<(), SwitchError> {
    let variables = with(railway.names(), json!({ "input": { "source": { "image": image } } }));
    railway.accepted(UPDATE, variables, "serviceInstanceUpdate").await
}
