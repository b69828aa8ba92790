//! Bringing the traffic to a slot, from whatever an earlier attempt left.

use std::sync::Arc;
use std::time::Duration;

use handover_core::{Slot, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::failure;
use super::note::Note;
use crate::SwitchError;
use crate::logbook::Intent;
use crate::railway::artefact::{Artefact, Target};
use crate::railway::client::with;
use crate::railway::documents::{CANCEL, DEPLOY, DEPLOYMENTS, REDEPLOY, ROLLBACK, UPDATE};
use crate::railway::standing::{Standing, parsed, since};
use crate::railway::wait::unsure;
use crate::railway::wire::Edges;
use crate::railway::{Deployment, NAME, Railway, Status};

/// So often a deployment in the way is called off before the slot's own is asked for again.
const CANCELS: u32 = 3;
/// So many of the newest are looked at for the one that was asked for.
const NEWEST: u32 = 10;

pub(super) async fn bring(railway: &Railway, intent: &mut Intent<'_>) -> Result<(), SwitchError> {
    let slot =
        intent.split().sole().ok_or_else(|| refused("it cannot share traffic between two deployments"))?;
    let text = intent.target(slot).ok_or_else(|| refused(&format!("no release is assigned to {slot}")))?;
    let target = Target::parse(text)
        .ok_or_else(|| refused(&format!("`{text}` in {slot} is no release of Railway's")))?;
    let until = Instant::now() + railway.limits().deploy;
    let attempt = Attempt { railway, slot, target, until };
    attempt.make(intent).await
}

/// One try at one wish.
pub(super) struct Attempt<'a> {
    pub(super) railway: &'a Railway,
    pub(super) slot: Slot,
    pub(super) target: Target,
    until: Instant,
}

impl Attempt<'_> {
    async fn make(&self, intent: &mut Intent<'_>) -> Result<(), SwitchError> {
        let standing = self.railway.standing().await?;
        if intent.note::<Note>()?.is_none() && self.clear_the_way(intent, Arc::clone(&standing)).await? {
            return Ok(());
        }
        let standing = self.railway.standing().await?;
        let id = match self.begun(intent, &standing).await? {
            Some(id) => id,
            None => self.begin(intent, &standing).await?,
        };
        self.keep(intent, &id).await?;
        self.follow(intent, &standing, &id).await
    }

    /// Where the slot has the traffic already and something else is about to take it: that is called off. True once
    /// nothing is in the way any more.
    async fn clear_the_way(
        &self,
        intent: &Intent<'_>,
        mut standing: Arc<Standing>,
    ) -> Result<bool, SwitchError> {
        for look in 0..CANCELS {
            if !self.serves(intent, &standing) {
                return Ok(false);
            }
            let Some(rival) = standing.under_way().next().map(|rival| rival.id.clone()) else {
                return self.alone(&standing).await;
            };
            match self.railway.accepted(CANCEL, json!({ "id": rival }), "deploymentCancel").await {
                // It may have come too late: the next look tells.
                Ok(()) | Err(SwitchError::Refused { .. } | SwitchError::Unconfirmed { .. }) => {}
                Err(error) => return Err(error),
            }
            if look > 0 {
                sleep(self.railway.pause(0)).await;
            }
            standing = self.railway.standing_now().await?;
        }
        Ok(false)
    }

    /// Waits for the overlap with the deployment before to end.
    async fn alone(&self, standing: &Standing) -> Result<bool, SwitchError> {
        match standing.serving() {
            Some(serving) if standing.sole().is_none() => self.settle(&serving.id).await.map(|()| true),
            _ => Ok(true),
        }
    }

    fn serves(&self, intent: &Intent<'_>, standing: &Standing) -> bool {
        let targets = parsed(&handover_core::BySlot::from_fn(|slot| intent.target(slot).map(str::to_owned)));
        standing.serving().is_some_and(|serving| standing.slot_of(serving, &targets) == Some(self.slot))
    }

    /// What an earlier attempt began, or somebody else just now with the same end.
    async fn begun(
        &self,
        intent: &mut Intent<'_>,
        standing: &Standing,
    ) -> Result<Option<String>, SwitchError> {
        match intent.note::<Note>()? {
            Some(Note { made: Some(id), .. }) => Ok(Some(id)),
            Some(note) => self.look_for(&note, standing).await,
            None => {
                let wanted = standing.artefact(&self.target);
                let same = |d: &&Deployment| self.is_named(d) || Artefact::of(d).is(&wanted);
                Ok(standing.under_way().find(same).map(|deployment| deployment.id.clone()))
            }
        }
    }

    fn is_named(&self, deployment: &Deployment) -> bool {
        matches!(&self.target, Target::Deployment(id) if *id == deployment.id)
    }

    /// An order was sent and its answer is not known: what came of it is in the list by and by, or never was made.
    async fn look_for(&self, note: &Note, standing: &Standing) -> Result<Option<String>, SwitchError> {
        let wanted = standing.artefact(&self.target);
        if let Some(id) = ours(&standing.deployments, note, &wanted) {
            return Ok(Some(id));
        }
        while let Some(left) = note.unsettled(self.railway.limits().settle) {
            sleep(left.min(self.railway.limits().poll)).await;
            let newest = self.newest().await?;
            if let Some(id) = ours(&newest, note, &wanted) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    async fn newest(&self) -> Result<Vec<Deployment>, SwitchError> {
        let variables = json!({ "list": self.railway.here(), "first": NEWEST });
        let listed: Listed = self.railway.ask(DEPLOYMENTS, variables).await?;
        Ok(listed.deployments.into_nodes())
    }

    /// Sends the order, with everything written down first that finds it again.
    async fn begin(&self, intent: &mut Intent<'_>, standing: &Standing) -> Result<String, SwitchError> {
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
            self.railway.accepted(ROLLBACK, json!({ "id": id }), "deploymentRollback").await?;
            return self.rolled_back(intent, note, standing).await;
        }
        if old.can_redeploy {
            intent.remember(&note).await?;
            let built: Redeployed =
                self.railway.order(REDEPLOY, json!({ "id": id }), "deploymentRedeploy").await?;
            return self.made(intent, note, built.id).await;
        }
        Err(refused(&format!("deployment {id} can be neither rolled back to nor built again")))
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
            let newest = self.newest().await.map_err(|e| unsure("a rollback was accepted".to_owned(), e))?;
            if let Some(id) = ours(&newest, &note, &wanted) {
                return self.made(intent, note, id).await;
            }
            let Some(left) = note.unsettled(self.railway.limits().settle) else {
                let said = "a rollback was accepted, and no new deployment is listed".into();
                return Err(SwitchError::Unconfirmed {
                    backend: NAME,
                    after: Duration::ZERO,
                    source: Some(said),
                });
            };
            sleep(left.min(self.railway.limits().poll)).await;
        }
    }

    async fn made(&self, intent: &mut Intent<'_>, note: Note, id: String) -> Result<String, SwitchError> {
        let kept = intent.remember(&Note { made: Some(id.clone()), ..note }).await;
        kept.map_err(|e| unsure(format!("deployment {id} was asked for"), e)).map(|()| id)
    }

    /// From now on the slot stands for this very deployment.
    async fn keep(&self, intent: &mut Intent<'_>, id: &str) -> Result<(), SwitchError> {
        let target = Target::Deployment(id.to_owned()).to_string();
        let kept = intent.retarget(self.slot, target).await;
        kept.map_err(|e| unsure(format!("deployment {id} was asked for"), e))
    }

    async fn follow(
        &self,
        intent: &mut Intent<'_>,
        standing: &Standing,
        id: &str,
    ) -> Result<(), SwitchError> {
        let before = standing.serving().map(|serving| serving.id.as_str()).filter(|serving| *serving != id);
        match self.railway.wait_out(id, before, self.until).await? {
            Status::Over(_) => Err(failure::failed(self, intent, id).await),
            _ => self.settle(id).await,
        }
    }

    /// Waits until this deployment alone is active.
    async fn settle(&self, id: &str) -> Result<(), SwitchError> {
        let begun = Instant::now();
        for look in 0.. {
            match self.railway.standing_now().await {
                Ok(standing) if standing.sole().is_some_and(|sole| sole.id == id) => return Ok(()),
                Ok(_) | Err(SwitchError::Throttled { .. } | SwitchError::Unreachable { .. }) => {}
                Err(error) => return Err(unsure(format!("deployment {id} is made"), error)),
            }
            let pause = self.railway.pause(look);
            if Instant::now() + pause >= self.until {
                break;
            }
            sleep(pause).await;
        }
        let said = format!("deployment {id} is not yet the only active one").into();
        Err(SwitchError::Unconfirmed { backend: NAME, after: begun.elapsed(), source: Some(said) })
    }
}

#[derive(Deserialize)]
struct Listed {
    deployments: Edges<Deployment>,
}

#[derive(Deserialize)]
struct Redeployed {
    id: String,
}

/// The first deployment after the mark that runs what was asked for, or does not say what it runs.
fn ours(newest_first: &[Deployment], note: &Note, wanted: &Artefact) -> Option<String> {
    let newer = since(newest_first, note.mark.as_ref());
    let fits = |d: &&&Deployment| {
        let runs = Artefact::of(d);
        !runs.is_known() || !wanted.is_known() || runs.is(wanted)
    };
    newer.iter().rev().find(fits).map(|deployment| deployment.id.clone())
}

pub(super) async fn set_image(railway: &Railway, image: &str) -> Result<(), SwitchError> {
    let variables = with(railway.names(), json!({ "input": { "source": { "image": image } } }));
    railway.accepted(UPDATE, variables, "serviceInstanceUpdate").await
}

pub(super) fn refused(because: &str) -> SwitchError {
    SwitchError::Refused { backend: NAME, source: because.into() }
}
