//! Sharing traffic in the stages that the project fixed in advance.

mod act;
mod plan;
mod stages;

use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;

use self::act::Errand;
use self::plan::Want;
pub(super) use self::stages::{may_roll, shares};
use super::job::{eligible, is_the_way_back, refused};
use super::promote::target;
use super::survey::{Survey, slot_of};
use super::{NAME, VercelClient};
use crate::logbook::{Intent, Platform, Seen, Targets};
use crate::{Capabilities, DrainSupport, Drained, Split, SwitchError, Weights};

/// Shares traffic by a rolling release: only the stages of the project's configuration, and only upwards.
///
/// A share of 0 takes the release back, 100 % completes it. A visitor stays where the first request went. The
/// configuration's `canaryResponseHeader` makes the newcomer's answers say that they are the newcomer's, for whoever
/// measures the share from outside.
///
/// # Cancellation
///
/// As for [`VercelPromote`](super::VercelPromote). A stage is asked for by its number, read just before, so asking
/// twice goes no further than asking once.
#[derive(Debug, Clone)]
pub struct VercelRolling {
    client: VercelClient,
    shares: Vec<u16>,
}

impl VercelRolling {
    /// Reads the stages that the project's configuration fixes.
    ///
    /// # Errors
    ///
    /// Transport errors; [`SwitchError::Refused`] where the plan has no rolling releases, none are configured, or a
    /// stage would move on by itself.
    pub async fn connect(client: VercelClient) -> Result<Self, SwitchError> {
        let project = client.project().await?;
        may_roll(&client.rolling_billing().await?, &project.id).map_err(refused)?;
        let config = client.rolling_config().await?;
        let shares = shares(config.as_ref()).map_err(refused)?;
        Ok(Self { client, shares })
    }

    /// The client.
    pub const fn client(&self) -> &VercelClient {
        &self.client
    }

    /// What is wished for, in the platform's terms; the newcomer is whoever the stages have a share for.
    async fn want(&self, intent: &Intent<'_>) -> Result<Want, SwitchError> {
        let split = intent.split();
        if let Some(slot) = split.sole() {
            let to = target(intent, slot)?;
            let survey = Survey::take(&self.client).await?;
            let back = is_the_way_back(&self.client, &survey, &eligible(&self.client, &to).await?).await?;
            return Ok(Want::All { to, back });
        }
        let newcomer = self.newcomer(intent, split).await?;
        let (canary, base) = (target(intent, newcomer)?, target(intent, newcomer.other())?);
        Ok(Want::Share { canary, base, bps: split.bps(newcomer) })
    }

    async fn newcomer(&self, intent: &Intent<'_>, split: Split) -> Result<Slot, SwitchError> {
        let staged = |slot: &Slot| self.shares.contains(&split.bps(*slot));
        let [green, blue] = [Slot::Green, Slot::Blue].map(|slot| Some(slot).filter(staged));
        let (Some(_), Some(_)) = (green, blue) else {
            return green.or(blue).ok_or_else(|| refused(format!("no stage gives {split}")));
        };
        // Half and half: the newcomer is the one that production is not.
        let survey = Survey::take(&self.client).await?;
        let targets = Targets::from_fn(|slot| intent.target(slot).map(str::to_owned));
        let settled = survey.production().and_then(|id| slot_of(&targets, id));
        Ok(settled.map_or(Slot::Green, Slot::other))
    }
}

#[async_trait]
impl Platform for VercelRolling {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Weights::Stages { shares: self.shares.clone() })
            .with_sticky()
            .with_read_back()
            .with_kept_state()
            .with_pin()
            .with_drain(DrainSupport::None)
            .with_rollback_bound(self.client.options().job_limit)
    }

    async fn read(&self, targets: &Targets) -> Result<Seen, SwitchError> {
        Ok(Survey::take(&self.client).await?.seen(targets))
    }

    async fn bring(&self, intent: &mut Intent<'_>) -> Result<(), SwitchError> {
        Errand::new(&self.client).run(self, intent).await
    }

    async fn drain(&self, _: Slot, _: Duration, _: &Targets) -> Result<Drained, SwitchError> {
        Ok(Drained::Assumed { waited: Duration::ZERO })
    }
}
