//! One service that has the public domain, and releases that follow each other in it.

mod bring;
mod failure;
mod note;
mod order;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use tokio::time::{Instant, sleep};

use super::examine::findings;
use super::standing::{Handoff, Standing};
use super::{NAME, Railway};
use crate::doctor::Finding;
use crate::logbook::{Intent, Logbook, Platform, Seen, Targets};
use crate::{Capabilities, DrainSupport, Drained, SwitchError, Weights};

/// A deployment takes about ten requests, its way back five.
const THERE_AND_BACK: u64 = 15;

fn too_little(left: u64) -> Finding {
    let found = format!("{left} requests are left this hour: too few for a deployment and its way back");
    Finding::refuse("quota", found, "wait until the hour is over")
}

/// Deploys into one service, and rolls it back.
///
/// What a slot stands for is text in the logbook: `commit:<sha>` or `image:<reference>` while it is not deployed yet,
/// `deployment:<id>` from then on. Bringing traffic to a slot deploys its commit or image; bringing it back rolls back to
/// the deployment's image and variables, without a build while Railway has the image, and with one after that.
///
/// Railway stops the old deployment itself: after the overlap it is sent SIGTERM, and has the draining time to end.
#[derive(Debug, Clone)]
pub struct RailwayInPlace {
    railway: Railway,
    bound: Duration,
    readings: Arc<Readings>,
}

/// What is read on the way through a change.
#[derive(Debug, Default)]
struct Readings {
    /// Read to see where the traffic is, wanted where it is brought elsewhere.
    before: Handoff,
    /// Read to see that it was brought, wanted where that is confirmed.
    after: Handoff,
}

impl RailwayInPlace {
    /// Into the service that `railway` names. After `bound`, its overlap and draining together, nothing of an old
    /// deployment is left.
    pub fn new(railway: Railway, bound: Duration) -> Self {
        Self { railway, bound, readings: Arc::default() }
    }

    /// The same, with the bound that the service is set to: one request.
    ///
    /// # Errors
    ///
    /// The service cannot be read.
    pub async fn open(railway: Railway) -> Result<Self, SwitchError> {
        let (read, standing) = (Instant::now(), railway.standing().await?);
        let service = &standing.service;
        let seconds = service.overlap_seconds.unwrap_or(0) + service.draining_seconds.unwrap_or(0);
        let opened = Self::new(railway, Duration::from_secs(seconds));
        opened.readings.after.put(read, standing);
        Ok(opened)
    }

    /// Before the first change: what has the traffic now is what blue stands for, and stays the way back. Where the logbook
    /// knows a slot already, or nothing has the traffic, nothing is written. No request right after [`RailwayInPlace::open`].
    ///
    /// # Errors
    ///
    /// The service cannot be read, or the logbook not be written.
    pub async fn adopt(&self, logbook: &Logbook) -> Result<(), SwitchError> {
        let unwritten = |source| SwitchError::Refused { backend: NAME, source };
        let targets = logbook.targets().await.map_err(unwritten)?;
        if Slot::BOTH.into_iter().any(|slot| targets[slot].is_some()) {
            return Ok(());
        }
        if let Some(serving) = self.standing().await?.serving() {
            let target = format!("deployment:{}", serving.id);
            logbook.assign(Slot::Blue, Some(target)).await.map_err(unwritten)?;
        }
        Ok(())
    }

    /// What of the service makes a deployment without downtime impossible, and what to know beside it. No request right
    /// after [`RailwayInPlace::open`].
    ///
    /// # Errors
    ///
    /// The service cannot be read.
    pub async fn examine(&self) -> Result<Vec<Finding>, SwitchError> {
        let mut found = findings(&*self.standing().await?);
        found.extend(self.railway.quota_left().filter(|left| *left < THERE_AND_BACK).map(too_little));
        Ok(found)
    }

    /// A reading that stays for whoever wants it next.
    async fn standing(&self) -> Result<Arc<Standing>, SwitchError> {
        let (read, standing) = match self.readings.after.take(self.railway.limits().fresh) {
            Some(standing) => (Instant::now(), standing),
            None => (Instant::now(), self.railway.standing().await?),
        };
        self.readings.after.put(read, Arc::clone(&standing));
        Ok(standing)
    }

    /// The client underneath.
    pub const fn railway(&self) -> &Railway {
        &self.railway
    }
}

#[async_trait]
impl Platform for RailwayInPlace {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Weights::AllOrNothing)
            .with_atomic()
            .with_read_back()
            .with_kept_state()
            .with_drain(DrainSupport::Timed { bound: self.bound })
            .with_killed_upgrades()
            .with_early_acks()
            .with_old_stopped()
            .with_rollback_bound(self.railway.limits().deploy)
            .with_observe_every(self.railway.watching())
    }

    async fn read(&self, targets: &Targets) -> Result<Seen, SwitchError> {
        if let Some(standing) = self.readings.after.take(self.railway.limits().fresh) {
            return Ok(standing.seen(targets));
        }
        let (read, standing) = (Instant::now(), self.railway.standing().await?);
        self.readings.before.put(read, Arc::clone(&standing));
        Ok(standing.seen(targets))
    }

    async fn bring(&self, intent: &mut Intent<'_>) -> Result<(), SwitchError> {
        let standing = match self.readings.before.take(self.railway.limits().fresh) {
            Some(standing) => standing,
            None => self.railway.standing().await?,
        };
        let (read, standing) = bring::bring(&self.railway, intent, standing).await?;
        self.readings.after.put(read, standing);
        Ok(())
    }

    async fn drain(&self, _: Slot, limit: Duration, _: &Targets) -> Result<Drained, SwitchError> {
        let begun = Instant::now();
        sleep(self.bound.min(limit)).await;
        Ok(if limit < self.bound {
            // Nobody counted, so nothing can be said about what is left; only that it is not over.
            Drained::TimedOut { requests: 0, streams: 0, upgrades: 0 }
        } else {
            Drained::Assumed { waited: begun.elapsed() }
        })
    }
}
