use std::time::Duration;

use async_trait::async_trait;
use handover_core::{BySlot, ReleaseId, RunId, Slot, Timestamp};
use handover_traffic::logbook::Logbook;
use handover_traffic::railway::{Deployment, Railway, Status};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::looks::Looks;
use super::{Template, condition, last_lines, unwritten, world};
use crate::WorldError;
use crate::hosted::{Condition, Host, Seat};

/// So many of the newest deployments are looked at for the one that a launch made.
const NEWEST: u32 = 10;

/// Releases in private services, one per slot, behind an edge that has the public domain.
///
/// A launch sets the slot's service to the release and deploys it; the service is made where it is missing. What was
/// launched is written into a logbook of its own before it is asked for, so a launch whose answer was lost is found and
/// not made twice.
#[derive(Debug)]
pub struct RailwayServices {
    railway: Railway,
    names: BySlot<String>,
    logbook: Logbook,
    template: Template,
    looks: Looks,
}

/// What a launch has come to, as the logbook keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Launch {
    run: RunId,
    release: ReleaseId,
    service: String,
    /// The newest deployment before it.
    before: Option<String>,
    /// When it was asked for, by this machine's clock.
    asked: Timestamp,
    deployment: Option<String>,
}

impl Launch {
    fn is_of(&self, run: &RunId, release: &ReleaseId) -> bool {
        self.run == *run && self.release == *release
    }
}

impl RailwayServices {
    /// Services of these names, in the environment of `railway`. `logbook` is for these launches alone.
    pub fn new(railway: Railway, names: BySlot<String>, logbook: Logbook, template: Template) -> Self {
        Self { railway, names, logbook, template, looks: Looks::default() }
    }

    /// The address at which the slot's release is reached within the environment.
    pub fn upstream(&self, slot: Slot, port: u16) -> String {
        format!("http://{}.railway.internal:{port}", self.names[slot])
    }

    /// The deployment that is active in the slot's service, whoever made it.
    async fn active(&self, slot: Slot) -> Result<Option<Deployment>, WorldError> {
        let services = self.railway.services().await.map_err(|e| world(&e))?;
        let Some(here) = services.into_iter().find(|service| service.name == self.names[slot]) else {
            return Ok(None);
        };
        let newest = self.of(&here.id)?.deployments(NEWEST).await.map_err(|e| world(&e))?;
        Ok(newest.into_iter().find(|found| matches!(found.status, Status::Success | Status::Sleeping)))
    }

    /// The release that a deployment is of, by what it runs.
    fn named(&self, deployment: &Deployment) -> Option<ReleaseId> {
        let release = deployment.runs().and_then(|runs| self.template.release(&runs));
        release.or_else(|| deployment.id.parse().ok())
    }

    /// What comes up is looked at as often as is polled, what is up as seldom as is only watched.
    async fn looked_at(&self, slot: Slot, id: &str) -> Result<Deployment, WorldError> {
        let poll = self.railway.options().limits.poll;
        let good_for = |seen: &Deployment| match seen.status {
            Status::Success | Status::Sleeping => self.railway.watching(),
            _ => poll,
        };
        self.looks.at(&self.railway, slot, id, good_for).await
    }

    async fn launched(&self, slot: Slot) -> Result<Option<Launch>, WorldError> {
        let targets = self.logbook.targets().await.map_err(unwritten)?;
        let read = targets[slot].as_deref().map(serde_json::from_str).transpose();
        read.map_err(|e| unwritten(e.into()))
    }

    async fn keep(&self, slot: Slot, launch: &Launch) -> Result<(), WorldError> {
        let text = serde_json::to_string(launch).map_err(|e| unwritten(e.into()))?;
        self.logbook.assign(slot, Some(text)).await.map_err(unwritten)
    }

    fn of(&self, service: &str) -> Result<Railway, WorldError> {
        self.railway.for_service(service).map_err(|e| WorldError::refused(e.to_string()))
    }

    /// The deployment of a launch, if it is known or can be found.
    async fn found(&self, slot: Slot, launch: &mut Launch) -> Result<Option<String>, WorldError> {
        if launch.deployment.is_none() {
            let newest = self.of(&launch.service)?.deployments(NEWEST).await.map_err(|e| world(&e))?;
            launch.deployment = first_after(&newest, launch.before.as_deref());
            if launch.deployment.is_some() {
                self.keep(slot, launch).await?;
            }
        }
        Ok(launch.deployment.clone())
    }

    /// Looks until what was asked for must be in the list, if it was made.
    async fn found_by_and_by(&self, slot: Slot, launch: &mut Launch) -> Result<bool, WorldError> {
        let limits = &self.railway.options().limits;
        loop {
            if self.found(slot, launch).await?.is_some() {
                return Ok(true);
            }
            if Timestamp::now().since(launch.asked) >= limits.settle {
                return Ok(false);
            }
            sleep(limits.poll).await;
        }
    }

    async fn begin(&self, slot: Slot, release: &ReleaseId, run: &RunId) -> Result<(), WorldError> {
        let service = self.railway.create_service(&self.names[slot], None).await.map_err(|e| world(&e))?;
        let here = self.of(&service)?;
        if let Some(image) = self.template.image(release) {
            here.set_image(&image).await.map_err(|e| world(&e))?;
        }
        let newest = here.deployments(1).await.map_err(|e| world(&e))?;
        let before = newest.first().map(|newest| newest.id.clone());
        let (run, release) = (run.clone(), release.clone());
        let asked = Timestamp::now();
        let commit = self.template.commit(&release);
        let mut launch = Launch { run, release, service, before, asked, deployment: None };
        self.keep(slot, &launch).await?;
        launch.deployment = Some(here.deploy(commit.as_deref()).await.map_err(|e| world(&e))?);
        self.keep(slot, &launch).await
    }
}

fn first_after(newest_first: &[Deployment], before: Option<&str>) -> Option<String> {
    let newer = newest_first.iter().take_while(|deployment| Some(deployment.id.as_str()) != before);
    newer.last().map(|deployment| deployment.id.clone())
}

#[async_trait]
impl Host for RailwayServices {
    async fn look(&self, slot: Slot, seat: &Seat) -> Result<Condition, WorldError> {
        if seat.is_adopted() {
            let active = self.active(slot).await?.filter(|it| self.named(it).as_ref() == Some(&seat.release));
            return Ok(active.map_or(Condition::Gone, |it| condition(&it.id, &it.status, Vec::new())));
        }
        let launch = self.launched(slot).await?.filter(|launch| launch.is_of(&seat.run, &seat.release));
        let Some(mut launch) = launch else { return Ok(Condition::Gone) };
        let Some(id) = self.found(slot, &mut launch).await? else { return Ok(Condition::Gone) };
        let found = self.looked_at(slot, &id).await?;
        Ok(match condition(&id, &found.status, Vec::new()) {
            Condition::Failed { cause, .. } => {
                Condition::Failed { cause, log: last_lines(&self.railway, &id).await }
            }
            other => other,
        })
    }

    async fn launch(&self, slot: Slot, release: &ReleaseId, run: &RunId) -> Result<(), WorldError> {
        if let Some(mut launch) = self.launched(slot).await?
            && launch.is_of(run, release)
            && self.found_by_and_by(slot, &mut launch).await?
        {
            return Ok(());
        }
        self.begin(slot, release, run).await
    }

    /// Takes the release's deployment away; its service stays for the next one.
    async fn stop(&self, slot: Slot, seat: &Seat) -> Result<(), WorldError> {
        let launch = self.launched(slot).await?.filter(|launch| launch.is_of(&seat.run, &seat.release));
        let Some(mut launch) = launch else { return Ok(()) };
        let Some(id) = self.found(slot, &mut launch).await? else { return Ok(()) };
        let found = self.railway.deployment(&id).await.map_err(|e| world(&e))?;
        if matches!(found.status, Status::Over(_)) {
            return Ok(());
        }
        self.railway.remove(&id).await.map_err(|e| world(&e))
    }

    /// What has been running there before handover came.
    async fn found(&self, slot: Slot) -> Result<Option<ReleaseId>, WorldError> {
        Ok(self.active(slot).await?.and_then(|active| self.named(&active)))
    }

    fn pace(&self) -> Duration {
        self.railway.watching()
    }

    async fn last_lines(&self, slot: Slot, _: &Seat) -> Vec<String> {
        match self.launched(slot).await {
            Ok(Some(Launch { deployment: Some(id), .. })) => last_lines(&self.railway, &id).await,
            _ => Vec::new(),
        }
    }
}
