//! Takes up what the store says: from events to what each slot answers.
//!
//! One task owns it. It waits for nobody and asks no clock but for ages, so that all of it can be tested as a function.

mod apply;
mod documents;
mod judge;
mod known;
mod publish;
mod standing;
mod wipe;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use self::documents::Documents;
use self::known::Known;
use super::event::FlagEvent;
use super::flag::Safe;
use super::guard::{Suspect, WipeGuard};
use super::shared::Shared;
use crate::FlagName;
use crate::hot::Source;
use crate::store::{Contents, Key, Revision, StoreEvent};

/// What is done when nothing was heard for longer than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnStale {
    /// Go on with the last values, and say so.
    #[default]
    Hold,
    /// Give each flag its safe value.
    Safe,
}

pub(super) struct Intake {
    shared: Arc<Shared>,
    safe: HashMap<FlagName, Safe>,
    guard: WipeGuard,
    on_stale: OnStale,
    known: BTreeMap<Key, Known>,
    documents: Documents,
    revision: Option<Revision>,
    epoch: Option<Arc<str>>,
    suspect: Option<Suspect>,
    too_old: bool,
}

impl Intake {
    pub(super) fn new(
        shared: Arc<Shared>,
        safe: HashMap<FlagName, Safe>,
        guard: WipeGuard,
        on_stale: OnStale,
    ) -> Self {
        let intake = Self {
            shared,
            safe,
            guard,
            on_stale,
            known: BTreeMap::new(),
            documents: Documents::default(),
            revision: None,
            epoch: None,
            suspect: None,
            too_old: false,
        };
        intake.publish_all();
        intake
    }

    /// Begins with what was known elsewhere; the store's word goes above it.
    pub(super) fn begin(&mut self, contents: Contents, source: Source) {
        self.epoch = contents.epoch;
        self.revision = contents.revision;
        for (key, held) in contents.values {
            self.set(key, Some(held), source);
        }
        self.documents.settle_segments();
        self.publish_all();
        self.shared.with_status(|status| status.flags = self.gates());
    }

    /// Takes up an event of the store.
    pub(super) fn take(&mut self, event: StoreEvent) {
        match event {
            StoreEvent::Contents { contents, as_of } => self.contents(contents, as_of),
            StoreEvent::Changed { changes, revision, as_of } => self.changed(changes, revision, as_of),
            StoreEvent::Fresh { as_of } => self.heard(as_of),
            StoreEvent::Delivery(delivery) => self.delivery(delivery),
            StoreEvent::Lost(error) => self.lost(&error),
            StoreEvent::Noticed(what) => {
                tracing::warn!(store = self.store(), what, "the store of flags has something to say");
                self.shared.tell(FlagEvent::Noticed { what: what.into() });
            }
        }
    }

    /// Everything known, for the file of last known values.
    pub(super) fn snapshot(&self) -> Contents {
        let values = self.known.iter().map(|(key, known)| (key.clone(), known.held.clone()));
        Contents { values: values.collect(), revision: self.revision, epoch: self.epoch.clone() }
    }

    pub(super) const fn revision(&self) -> Option<Revision> {
        self.revision
    }

    fn store(&self) -> String {
        self.shared.with_status(|status| status.store.clone())
    }
}
