//! Vercel: deployments that are promoted, or rolled out in stages.

use std::sync::Arc;

use async_trait::async_trait;
use handover_core::Slot;
use handover_rollout::WorldError;
use handover_rollout::hosted::{Door, Doors};
use handover_rollout::vercel::{Origin, VercelHost};
use handover_traffic::logbook::{Logbook, Platform, WithLogbook};
use handover_traffic::vercel::{Source, VercelClient, VercelOptions, VercelPromote, VercelRolling, adopt};
use handover_traffic::{SwitchError, TrafficSwitcher};

use super::super::inspect::Inspector;
use super::super::token::{self, Secret};
use super::{Parts, Place, copied, counted, front, section};
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{self, Backend, Settings, Template, VercelMode};

/// Opens deployments that only members of the team may see.
const BYPASS: &str = "x-vercel-protection-bypass";

/// The project of these settings; before the first deployment, what has production becomes the way back.
pub(super) async fn parts(place: &Place<'_>) -> Result<Parts, Failure> {
    let section = section(place.settings.vercel.as_ref(), Backend::Vercel)?;
    let reached = |e: SwitchError| Failure::of("could not ask Vercel for the project", Exit::Refused, &e);
    let options = options(section)?;
    let client = VercelClient::new(options.clone()).map_err(reached)?;
    let logbook = place.logbook();
    adopt(&client, &logbook).await.map_err(reached)?;
    let host = VercelHost::new(client.clone(), logbook.clone(), origin(section));
    let doors = Deployments {
        client: client.clone(),
        logbook: logbook.clone(),
        address: section.address.clone(),
        bypass: bypass(section)?,
    };
    let (traffic, bare_traffic) = match section.mode {
        VercelMode::Promote => both(VercelPromote::new(client), logbook).await,
        VercelMode::Rolling => both(VercelRolling::connect(client).await.map_err(reached)?, logbook).await,
    };
    Ok(Parts {
        traffic,
        bare_traffic,
        host: Arc::new(host),
        front: Arc::new(front::front(place.settings, place.roster(), None, Arc::new(doors))?),
        probe: None,
        windows: counted(place.settings)?,
        inspector: Inspector::Vercel { options, shares: shares(place.settings) },
    })
}

async fn both<P: Platform + Clone + 'static>(
    platform: P,
    logbook: Logbook,
) -> (Arc<dyn TrafficSwitcher>, Arc<dyn TrafficSwitcher>) {
    let bare = WithLogbook::new(platform.clone(), copied(&logbook).await);
    (Arc::new(WithLogbook::new(platform, logbook)), Arc::new(bare))
}

/// The shares that a deployment asks for.
fn shares(settings: &Settings) -> Vec<u16> {
    settings.strategy.stages().iter().map(|step| step.weight.bps()).collect()
}

fn origin(section: &settings::Vercel) -> Origin {
    match section.release.of_kind("commit") {
        Some(sha) => Origin::Build(Source::Commit { sha: sha.to_owned(), reference: section.branch.clone() }),
        None => Origin::Existing(section.release.of_kind("deployment").unwrap_or_default().to_owned()),
    }
}

fn bypass(section: &settings::Vercel) -> Result<Option<Secret>, Failure> {
    let Some(file) = &section.bypass_file else {
        let set = std::env::var("VERCEL_AUTOMATION_BYPASS_SECRET").ok();
        return Ok(set.filter(|secret| !secret.is_empty()).map(Secret::from));
    };
    token::text(file).map(Some)
}

/// What the client is told of the section.
fn options(section: &settings::Vercel) -> Result<VercelOptions, Failure> {
    let (token, _) = token::token(section.token_file.as_deref(), &["VERCEL_TOKEN"], "[vercel] token_file")?;
    let mut options = VercelOptions::new(section.project.as_str(), token);
    options.poll = section.poll.get();
    if let Some(team) = &section.team {
        options = options.with_team(team.as_str());
    }
    Ok(match &section.base {
        Some(base) => options.with_base(base.to_string()),
        None => options,
    })
}

/// Each deployment has an address of its own.
#[derive(Debug)]
struct Deployments {
    client: VercelClient,
    logbook: Logbook,
    address: Template,
    bypass: Option<Secret>,
}

#[async_trait]
impl Doors for Deployments {
    async fn door(&self, slot: Slot) -> Result<Option<Door>, WorldError> {
        let targets = self.logbook.targets().await;
        let targets = targets.map_err(|error| WorldError::refused(error.to_string()))?;
        let Some(id) = &targets[slot] else { return Ok(None) };
        let found = self.client.deployment(id).await;
        let host = found.map_err(|error| WorldError::refused(error.to_string()))?.url;
        let with = self.bypass.as_ref().map(|secret| (BYPASS.to_owned(), secret.reveal().to_owned()));
        Ok(Some(Door::Address { url: self.address.as_str().replace("{deployment}", &host), with }))
    }
}
