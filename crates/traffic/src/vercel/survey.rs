use std::collections::BTreeMap;
use std::fmt::Write as _;

use handover_core::Slot;
use tokio::time::sleep;

use super::VercelClient;
use super::wire::{AliasRequest, Project, RollingRelease};
use crate::logbook::{Place, Seen, Targets};
use crate::{Split, SwitchError};

/// Everything that says where traffic goes, read at about the same time.
///
/// The project names a deployment for production, the aliases say where each host name leads, and a rolling release
/// may take a share of it. Only where all three agree is it known what users get.
#[derive(Debug, Clone)]
pub(super) struct Survey {
    pub(super) project: Project,
    /// The platform's clock: milliseconds since 1970, to the second.
    pub(super) clock: Option<u64>,
    pub(super) release: Option<RollingRelease>,
    /// Where each of production's host names leads.
    pub(super) aliases: BTreeMap<String, Option<String>>,
}

/// So often three readings that do not agree are taken again: something moved between them.
const LOOKS: u32 = 3;

impl Survey {
    /// Reads all of it. Readings that disagree although nothing is under way are taken again.
    pub(super) async fn take(client: &VercelClient) -> Result<Self, SwitchError> {
        let mut survey = Self::read(client).await?;
        for _ in 1..LOOKS {
            if survey.agrees() || survey.under_way().is_some() {
                break;
            }
            sleep(client.options().poll).await;
            survey = Self::read(client).await?;
        }
        Ok(survey)
    }

    async fn read(client: &VercelClient) -> Result<Self, SwitchError> {
        let (project, clock) = client.project_by_the_clock().await?;
        let release = client.active_release().await?;
        let domains = client.production_domains().await?;
        let mut aliases: BTreeMap<_, _> = domains.into_iter().map(|domain| (domain.name, None)).collect();
        for alias in client.aliases(&project.id).await? {
            if let Some(leads) = aliases.get_mut(&alias.alias) {
                *leads = alias.deployment_id;
            }
        }
        Ok(Self { project, clock, release, aliases })
    }

    /// The deployment that production serves, apart from what a rolling release takes.
    pub(super) fn production(&self) -> Option<&str> {
        self.project.production().map(|production| production.id.as_str())
    }

    /// The last job, if it has not ended.
    pub(super) fn under_way(&self) -> Option<&AliasRequest> {
        self.project.last_alias_request.as_ref().filter(|job| !job.job_status.is_over())
    }

    /// Production's host names that do not lead to `deployment`.
    pub(super) fn astray(&self, deployment: &str) -> Vec<&str> {
        let astray = self.aliases.iter().filter(|(_, leads)| leads.as_deref() != Some(deployment));
        astray.map(|(alias, _)| alias.as_str()).collect()
    }

    fn agrees(&self) -> bool {
        self.production().is_none_or(|production| self.astray(production).is_empty())
    }

    /// Whether production, and each of its host names, is `deployment`'s, and nothing shares it.
    pub(super) fn is_all_on(&self, deployment: &str) -> bool {
        self.release.is_none() && self.production() == Some(deployment) && self.astray(deployment).is_empty()
    }

    pub(super) fn seen(&self, targets: &Targets) -> Seen {
        let queued = self.release.as_ref().is_some_and(|release| release.queued_deployment_id.is_some());
        let moving = queued || self.under_way().is_some();
        Seen { moving, ..Seen::in_place(self.place(targets)) }
    }

    fn place(&self, targets: &Targets) -> Place {
        if let Some(release) = &self.release {
            return shared(release, targets);
        }
        let Some(production) = self.project.production() else {
            return Place::Elsewhere("no deployment: none was ever promoted".to_owned());
        };
        // While a job moves them, host names lead to the old deployment and the new one: `moving` says so.
        if self.under_way().is_none() && !self.astray(&production.id).is_empty() {
            return Place::Elsewhere(self.mixture(&production.id));
        }
        match slot_of(targets, &production.id) {
            Some(slot) => Place::Slots(Split::all(slot)),
            None => Place::Elsewhere(format!("deployment {} ({})", production.id, production.url)),
        }
    }

    fn mixture(&self, production: &str) -> String {
        let mut text = format!("deployment {production}, but");
        for alias in self.astray(production) {
            let leads = self.aliases.get(alias).and_then(Option::as_deref).unwrap_or("nowhere");
            let _ = write!(text, " {alias} to {leads},");
        }
        text.trim_end_matches(',').to_owned()
    }
}

/// The slot that stands for `deployment`; blue, where both do.
pub(super) fn slot_of(targets: &Targets, deployment: &str) -> Option<Slot> {
    Slot::BOTH.into_iter().find(|slot| targets[*slot].as_deref() == Some(deployment))
}

fn shared(release: &RollingRelease, targets: &Targets) -> Place {
    let (current, canary) = (release.current().unwrap_or_default(), release.canary().unwrap_or_default());
    let slots = slot_of(targets, current).zip(slot_of(targets, canary)).filter(|(old, new)| old != new);
    let split = slots.and_then(|(_, new)| Split::from_bps(new, release.share()).ok());
    split.map_or_else(
        || {
            let percent = f64::from(release.share()) / 100.0;
            let found = format!("deployment {current}, with {percent} % to {canary} in a rolling release");
            Place::Elsewhere(found)
        },
        Place::Slots,
    )
}
