//! Bringing the traffic to a slot, from whatever an earlier attempt left.

use std::sync::Arc;
use std::time::Duration;

use handover_core::Slot;
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::failure;
use super::note::Note;
use crate::SwitchError;
use crate::logbook::Intent;
use crate::railway::artefact::{Artefact, Target};
use crate::railway::documents::{CANCEL, DEPLOYMENTS};
use crate::railway::standing::{Standing, named, parsed, since};
use crate::railway::wait::unsure;
use crate::railway::wire::Edges;
use crate::railway::{Deployment, NAME, Railway, Status};

/// So often a deployment in the way is called off before the slot's own is asked for again.
const CANCELS: u32 = 3;
/// So many of the newest are looked at for the one that was asked for.
const NEWEST: u32 = 10;

/// A reading in which the traffic is where it is wanted, and when it was begun.
pub(super) type Brought = (Instant, Arc<Standing>);

pub(super) async fn bring(
    railway: &Railway,
    intent: &mut Intent<'_>,
    standing: Arc<Standing>,
) -> Result<Brought, SwitchError> {
    let slot =
        intent.split().sole().ok_or_else(|| refused("it cannot share traffic between two deployments"))?;
    let text = intent.target(slot).ok_or_else(|| refused(&format!("no release is assigned to {slot}")))?;
    let target = Target::parse(text)
        .ok_or_else(|| refused(&format!("`{text}` in {slot} is no release of Railway's")))?;
    let until = Instant::now() + railway.limits().deploy;
    let attempt = Attempt { railway, slot, target, until };
    attempt.make(intent, standing).await
}

/// One try at one wish.
pub(super) struct Attempt<'a> {
    pub(super) railway: &'a Railway,
    pub(super) slot: Slot,
    pub(super) target: Target,
    until: Instant,
}

impl Attempt<'_> {
    async fn make(&self, intent: &mut Intent<'_>, standing: Arc<Standing>) -> Result<Brought, SwitchError> {
        let standing = match self.clear_the_way(intent, standing).await? {
            Way::Arrived(brought) => return Ok(brought),
            Way::Open(standing) => standing,
        };
        let id = match self.begun(intent, &standing).await? {
            Some(id) => id,
            None => self.begin(intent, &standing).await?,
        };
        self.keep(intent, &id).await?;
        self.follow(intent, &standing, &id).await
    }

    /// Where the slot has the traffic already and something else is about to take it, that is called off.
    async fn clear_the_way(
        &self,
        intent: &Intent<'_>,
        mut standing: Arc<Standing>,
    ) -> Result<Way, SwitchError> {
        for look in 0..CANCELS {
            if intent.note::<Note>()?.is_some() || !self.serves(intent, &standing) {
                break;
            }
            let Some(rival) = standing.under_way().next().map(|rival| rival.id.clone()) else {
                let serving = standing.serving().map(|serving| serving.id.clone()).unwrap_or_default();
                return self.settle(&serving).await.map(Way::Arrived);
            };
            match self.railway.accepted(CANCEL, json!({ "id": rival }), "deploymentCancel").await {
                // It may have come too late: the next look tells.
                Ok(()) | Err(SwitchError::Refused { .. } | SwitchError::Unconfirmed { .. }) => {}
                Err(error) => return Err(error),
            }
            if look > 0 {
                sleep(self.railway.pause(0)).await;
            }
            standing = self.railway.standing().await?;
        }
        Ok(Way::Open(standing))
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

    pub(super) async fn newest(&self) -> Result<Vec<Deployment>, SwitchError> {
        let variables = json!({ "list": self.railway.here(), "first": NEWEST });
        let listed: Listed = self.railway.ask(DEPLOYMENTS, variables).await?;
        Ok(listed.deployments.into_nodes())
    }

    /// From now on the slot stands for this very deployment.
    async fn keep(&self, intent: &mut Intent<'_>, id: &str) -> Result<(), SwitchError> {
        let target = Target::Deployment(id.to_owned()).to_string();
        let kept = intent.retarget(self.slot, target).await;
        kept.map_err(|e| unsure(&format!("deployment {id} was asked for"), &e))
    }

    async fn follow(
        &self,
        intent: &mut Intent<'_>,
        standing: &Standing,
        id: &str,
    ) -> Result<Brought, SwitchError> {
        let before = standing.serving().map(|serving| serving.id.as_str()).filter(|serving| *serving != id);
        match self.railway.wait_out(id, before, self.until).await? {
            Status::Over(_) => Err(failure::failed(self, intent, id).await),
            _ => self.settle(id).await,
        }
    }

    /// Waits until this deployment alone is active.
    async fn settle(&self, id: &str) -> Result<Brought, SwitchError> {
        let begun = Instant::now();
        for look in 0.. {
            let read = Instant::now();
            match self.railway.standing().await {
                Ok(standing) if is_alone(&standing, id) => return Ok((read, standing)),
                Ok(standing) if is_over(&standing, id) => return Err(lost(&standing, id)),
                Ok(_) | Err(SwitchError::Throttled { .. } | SwitchError::Unreachable { .. }) => {}
                Err(error) => return Err(unsure(&format!("deployment {id} is made"), &error)),
            }
            let pause = self.railway.pause(look);
            if Instant::now() + pause >= self.until {
                break;
            }
            sleep(pause).await;
        }
        Err(unconfirmed(begun.elapsed(), format!("deployment {id} is not yet the only active one")))
    }
}

/// What lies between the traffic and the slot that is to have it.
enum Way {
    /// Nothing: it is there.
    Arrived(Brought),
    /// A deployment has to be made, or followed.
    Open(Arc<Standing>),
}

fn is_alone(standing: &Standing, id: &str) -> bool {
    standing.sole().is_some_and(|sole| sole.id == id)
}

fn is_over(standing: &Standing, id: &str) -> bool {
    standing.find(id).is_some_and(|found| matches!(found.status, Status::Over(_)))
}

fn lost(standing: &Standing, id: &str) -> SwitchError {
    let has = standing.serving().map_or_else(|| "none".to_owned(), named);
    unconfirmed(Duration::ZERO, format!("deployment {id} had the traffic and lost it; now {has} has it"))
}

pub(super) fn unconfirmed(after: Duration, said: String) -> SwitchError {
    SwitchError::Unconfirmed { backend: NAME, after, source: Some(said.into()) }
}

#[derive(Deserialize)]
struct Listed {
    deployments: Edges<Deployment>,
}

/// The first deployment after the mark that runs what was asked for, or does not say what it runs.
pub(super) fn ours(newest_first: &[Deployment], note: &Note, wanted: &Artefact) -> Option<String> {
    let newer = since(newest_first, note.mark.as_ref());
    let fits = |d: &&&Deployment| {
        let runs = Artefact::of(d);
        !runs.is_known() || !wanted.is_known() || runs.is(wanted)
    };
    newer.iter().rev().find(fits).map(|deployment| deployment.id.clone())
}

pub(super) fn refused(because: &str) -> SwitchError {
    SwitchError::Refused { backend: NAME, source: because.into() }
}
