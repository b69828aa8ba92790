use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;

use super::job::{carry, refused};
use super::survey::Survey;
use super::{NAME, VercelClient};
use crate::logbook::{Intent, Platform, Seen, Targets};
use crate::{Capabilities, DrainSupport, Drained, Feature, SwitchError, Weights};

/// Moves all of production at once: forward by a promotion, back by a rollback.
///
/// What a slot stands for is a deployment's id. Nothing is ever built here: a deployment that is not ready, or was not
/// built for production, is refused. Requests that are being answered when the host names move are not cut, but nobody
/// counts them, so a plan has to state a soak.
///
/// # Cancellation
///
/// Dropped after the platform was asked, its job goes on; the next attempt finds it and follows it.
#[derive(Debug, Clone)]
pub struct VercelPromote {
    client: VercelClient,
}

impl VercelPromote {
    /// Through this client.
    pub const fn new(client: VercelClient) -> Self {
        Self { client }
    }

    /// The client.
    pub const fn client(&self) -> &VercelClient {
        &self.client
    }
}

#[async_trait]
impl Platform for VercelPromote {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Weights::AllOrNothing)
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
        let Some(slot) = intent.split().sole() else {
            return Err(SwitchError::Unsupported { backend: NAME, feature: Feature::Weight(intent.split()) });
        };
        let to = target(intent, slot)?;
        carry(&self.client, intent, &to).await
    }

    async fn drain(&self, _: Slot, _: Duration, _: &Targets) -> Result<Drained, SwitchError> {
        Ok(Drained::Assumed { waited: Duration::ZERO })
    }
}

/// The deployment that `slot` stands for, told apart from the other slot's.
pub(super) fn target(intent: &Intent<'_>, slot: Slot) -> Result<String, SwitchError> {
    let Some(target) = intent.target(slot) else {
        return Err(refused(format!("no deployment was assigned to {slot} yet")));
    };
    if intent.target(slot.other()) == Some(target) {
        return Err(refused(format!("both slots stand for {target}, so there is nothing to move")));
    }
    Ok(target.to_owned())
}
