//! How things stand with a service: one reading, and what follows from it.

use std::sync::Arc;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use handover_core::{BySlot, Slot};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::Instant;

use super::artefact::{Artefact, Target};
use super::client::with;
use super::documents::STANDING;
use super::wire::{AutoDeploy, ServiceInstance, StandingData, VolumeInstance};
use super::{Deployment, Railway, Status};
use crate::logbook::{Place, Seen, Targets};
use crate::{Split, SwitchError};

/// So many deployments are listed; a rollback goes to the one before, and images are kept for days.
const LISTED: u32 = 20;

/// One reading.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) service: ServiceInstance,
    /// Newest first.
    pub(super) deployments: Vec<Deployment>,
    pub(super) environment: String,
    pub(super) volumes: Vec<VolumeInstance>,
    pub(super) auto_deploy: AutoDeploy,
}

/// The newest deployment at some moment, by Railway's own clock: what is newer came after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    id: String,
    created_at: String,
}

/// Readings that one step of a change makes and the next one needs, so that it need not ask again: a request saved.
///
/// A reading is handed over once, and only while it is fresh; who merely observes always asks.
#[derive(Debug, Default)]
pub(super) struct Handoff(Mutex<Option<(Instant, Arc<Standing>)>>);

impl Handoff {
    pub(super) fn put(&self, read: Instant, standing: Arc<Standing>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((read, standing));
    }

    pub(super) fn take(&self, fresh: Duration) -> Option<Arc<Standing>> {
        let handed = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        handed.filter(|(read, _)| read.elapsed() < fresh).map(|(_, standing)| standing)
    }
}

impl Railway {
    /// How things stand now.
    pub(super) async fn standing(&self) -> Result<Arc<Standing>, SwitchError> {
        let variables = with(self.names(), json!({ "list": self.here(), "first": LISTED }));
        let data: StandingData = self.ask(STANDING, variables).await?;
        Ok(Arc::new(Standing::new(data, &self.options().service)))
    }
}

impl Standing {
    fn new(data: StandingData, service: &str) -> Self {
        let mut volumes = data.environment.volume_instances.into_nodes();
        volumes.retain(|volume| volume.service_id.as_deref() == Some(service));
        Self {
            service: data.service_instance,
            deployments: data.deployments.into_nodes(),
            environment: data.environment.name,
            volumes,
            auto_deploy: data.service_instance_auto_deploy_status,
        }
    }

    /// The newest deployment.
    pub(super) fn mark(&self) -> Option<Mark> {
        mark(&self.deployments)
    }

    /// The deployment with the traffic: of several active ones, the newest.
    pub(super) fn serving(&self) -> Option<&Deployment> {
        self.service.active_deployments.iter().max_by(|a, b| a.created_at.cmp(&b.created_at))
    }

    /// The only one that is active.
    pub(super) fn sole(&self) -> Option<&Deployment> {
        match self.service.active_deployments.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<&Deployment> {
        let instance = &self.service;
        let latest = instance.latest_deployment.iter();
        let all = self.deployments.iter().chain(&instance.active_deployments).chain(latest);
        all.into_iter().find(|deployment| deployment.id == id)
    }

    /// What is on its way to the traffic: newer than what has it, and neither ready nor over.
    pub(super) fn under_way(&self) -> impl Iterator<Item = &Deployment> {
        let serving = self.serving().map(|serving| (serving.id.as_str(), serving.created_at.as_str()));
        let newer =
            move |d: &&Deployment| serving.is_none_or(|(id, at)| d.id != id && d.created_at.as_str() >= at);
        self.deployments.iter().filter(newer).filter(|d| moves(&d.status))
    }

    /// What runs in `target`, as far as it is known.
    pub(super) fn artefact(&self, target: &Target) -> Artefact {
        let deployed = |id: &str| self.find(id).map(Artefact::of).unwrap_or_default();
        Artefact::wanted(target).unwrap_or_else(|| match target {
            Target::Deployment(id) => deployed(id),
            Target::Commit(_) | Target::Image(_) => Artefact::default(),
        })
    }

    /// Which slot's target a deployment is: the one that names it, else the only one that runs the same.
    pub(super) fn slot_of(&self, deployment: &Deployment, targets: &BySlot<Option<Target>>) -> Option<Slot> {
        let named =
            |slot: &Slot| matches!(&targets[*slot], Some(Target::Deployment(id)) if *id == deployment.id);
        if let Some(slot) = Slot::BOTH.into_iter().find(named) {
            return Some(slot);
        }
        let runs = Artefact::of(deployment);
        let same =
            |slot: &Slot| targets[*slot].as_ref().is_some_and(|target| self.artefact(target).is(&runs));
        let mut same = Slot::BOTH.into_iter().filter(same);
        same.next().filter(|_| same.next().is_none())
    }

    pub(super) fn seen(&self, targets: &Targets) -> Seen {
        let targets = parsed(targets);
        let place = match self.serving() {
            None => Place::Elsewhere("nothing, since no deployment is active".to_owned()),
            Some(serving) => match self.slot_of(serving, &targets) {
                Some(slot) => Place::Slots(Split::all(slot)),
                None => Place::Elsewhere(named(serving)),
            },
        };
        let moving = self.service.active_deployments.len() > 1 || self.under_way().next().is_some();
        Seen { moving, ..Seen::in_place(place) }
    }
}

/// Whether it will have the traffic without anybody's doing: what waits for an approval does not.
fn moves(status: &Status) -> bool {
    status.is_under_way() && *status != Status::UnderWay("NEEDS_APPROVAL".to_owned())
}

pub(super) fn mark(newest_first: &[Deployment]) -> Option<Mark> {
    newest_first.first().map(|newest| Mark { id: newest.id.clone(), created_at: newest.created_at.clone() })
}

/// What was asked for after `mark`, newest first. Only Railway's own order and clock are asked, never ours.
pub(super) fn since<'a>(newest_first: &'a [Deployment], mark: Option<&Mark>) -> Vec<&'a Deployment> {
    let Some(mark) = mark else { return newest_first.iter().collect() };
    let newer = |d: &&Deployment| d.id != mark.id && d.created_at >= mark.created_at;
    newest_first.iter().take_while(newer).collect()
}

pub(super) fn parsed(targets: &Targets) -> BySlot<Option<Target>> {
    BySlot::from_fn(|slot| targets[slot].as_deref().and_then(Target::parse))
}

/// A deployment for a person.
pub(super) fn named(deployment: &Deployment) -> String {
    let runs = Artefact::of(deployment);
    if runs.is_known() {
        format!("deployment {} ({runs})", deployment.id)
    } else {
        format!("deployment {}", deployment.id)
    }
}
