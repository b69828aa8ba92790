use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;

use super::book::{Book, Receipt};
use super::platform::unwritten;
use super::{Intent, Logbook, Place, Platform, Seen};
use crate::{
    BoxError, Capabilities, Change, Drained, Observed, SwitchError, TrafficSwitcher, TrafficSwitcherExt,
};

/// A [`Platform`] with a [`Logbook`]: a whole switcher.
#[derive(Debug, Clone)]
pub struct WithLogbook<P> {
    platform: P,
    logbook: Logbook,
}

impl<P: Platform> WithLogbook<P> {
    /// `platform`, remembering in `logbook`.
    pub const fn new(platform: P, logbook: Logbook) -> Self {
        Self { platform, logbook }
    }

    /// The platform.
    pub const fn platform(&self) -> &P {
        &self.platform
    }

    /// The logbook.
    pub const fn logbook(&self) -> &Logbook {
        &self.logbook
    }

    async fn read(&self) -> Result<Seen, SwitchError> {
        let targets = self.logbook.targets().await.map_err(|e| self.unwritten(e))?;
        self.platform.read(&targets).await
    }

    fn unwritten(&self, source: BoxError) -> SwitchError {
        unwritten(self.platform.name(), source)
    }

    /// Writes the wish down, or says why it is not to be made.
    async fn receive(&self, change: &Change, seen: &Seen) -> Result<Receipt, SwitchError> {
        let (wish, now) = (change.clone(), seen.clone());
        let received = self.logbook.edit(move |book| {
            book.reconcile(&now);
            book.receive(&wish)
        });
        received.await.map_err(|e| self.unwritten(e))?
    }

    async fn bring(
        &self,
        change: &Change,
        seen: &Seen,
        note: Option<serde_json::Value>,
    ) -> Result<(), SwitchError> {
        if seen.split() == Some(change.route.split) && !seen.moving {
            return Ok(());
        }
        let targets = self.logbook.targets().await.map_err(|e| self.unwritten(e))?;
        let mut intent = Intent {
            backend: self.platform.name(),
            logbook: &self.logbook,
            split: change.route.split,
            op: &change.op,
            fence: change.fence,
            seen,
            targets,
            note,
        };
        let brought = self.platform.bring(&mut intent).await;
        if let Err(error) = &brought
            && changed_nothing(error)
        {
            let op = change.op.clone();
            // An open wish that cannot be closed is resolved by whoever looks next.
            let _ = self.logbook.edit(move |book| book.give_up(&op)).await;
        }
        brought
    }

    /// Reads the change back and writes down that it was made.
    async fn confirm(&self, change: &Change) -> Result<Observed, SwitchError> {
        let seen = self.read().await.map_err(|e| self.unconfirmed(e.into()))?;
        let (split, wish) = (change.route.split, change.clone());
        if seen.split() != Some(split) {
            return Err(
                self.unconfirmed(format!("{split} was asked for, {} is in force", shown(&seen)).into())
            );
        }
        let finish = move |book: &mut Book| book.finish(&wish).map(|()| book.observed(split, &seen));
        let finished = self.logbook.edit(finish).await;
        finished.map_err(|e| self.unconfirmed(e))?
    }

    fn unconfirmed(&self, source: BoxError) -> SwitchError {
        SwitchError::Unconfirmed {
            backend: self.platform.name(),
            after: Duration::ZERO,
            source: Some(source),
        }
    }
}

/// Takes note of what the platform says, and says it in the contract's terms.
fn look(backend: &'static str, book: &mut Book, seen: &Seen) -> Result<Observed, SwitchError> {
    book.reconcile(seen);
    match seen.place.clone() {
        Place::Slots(split) => Ok(book.observed(split, seen)),
        Place::Elsewhere(found) => Err(SwitchError::Elsewhere { backend, found }),
    }
}

fn shown(seen: &Seen) -> String {
    match &seen.place {
        Place::Slots(split) => split.to_string(),
        Place::Elsewhere(found) => found.clone(),
    }
}

/// Whether the platform is sure that nothing happened, so that the wish can be struck out.
fn changed_nothing(error: &SwitchError) -> bool {
    !matches!(
        error,
        SwitchError::Unconfirmed { .. } | SwitchError::Conflict { .. } | SwitchError::Fenced { .. }
    )
}

#[async_trait]
impl<P: Platform> TrafficSwitcher for WithLogbook<P> {
    fn capabilities(&self) -> Capabilities {
        self.platform.capabilities().with_compare_and_set().with_fencing()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        let seen = self.read().await?;
        let (backend, again) = (self.platform.name(), seen.clone());
        if let Ok(looked) = self.logbook.edit(move |book| look(backend, book, &seen)).await {
            return looked;
        }
        // Whoever can write next takes note of it; that a disk is full keeps nobody from looking.
        let looked = self.logbook.look(move |book| look(backend, &mut book.clone(), &again)).await;
        looked.map_err(|e| self.unwritten(e))?
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check(self.platform.name(), &change.route)?;
        let seen = self.read().await?;
        let Receipt::Begun(note) = self.receive(change, &seen).await? else {
            return self.observe().await;
        };
        self.bring(change, &seen, note).await?;
        self.confirm(change).await
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let seen = self.read().await?;
        if seen.split().is_some_and(|split| split.bps(slot) > 0) {
            let still = format!("{slot} still has traffic: {}", shown(&seen));
            return Err(SwitchError::Refused { backend: self.platform.name(), source: still.into() });
        }
        let targets = self.logbook.targets().await.map_err(|e| self.unwritten(e))?;
        self.platform.drain(slot, limit, &targets).await
    }
}
