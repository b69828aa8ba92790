//! From what stands under a key to what is known of it.

use std::collections::BTreeSet;

use super::Intake;
use super::known::Known;
use crate::flags::event::FlagEvent;
use crate::hot::Source;
use crate::store::{Held, Key};

impl Intake {
    pub(super) fn apply(&mut self, changes: impl IntoIterator<Item = (Key, Option<Held>)>) {
        let mut touched = BTreeSet::new();
        let mut segments = false;
        for (key, held) in changes {
            match self.set(key, held, Source::Store) {
                Some(Key::Segment(_)) => segments = true,
                Some(Key::Gate(flag) | Key::Rules(flag)) => drop(touched.insert(flag)),
                None => {}
            }
        }
        if segments {
            self.documents.settle_segments();
            self.publish_all();
        }
        // Also those that are gone, of which nothing is known any more.
        for flag in &touched {
            self.publish(flag);
        }
    }

    /// Writes down what stands under a key now; returns the key if anything is new to readers.
    pub(super) fn set(&mut self, key: Key, held: Option<Held>, source: Source) -> Option<Key> {
        let revision = self.revision.unwrap_or_default().0;
        let before = match &held {
            Some(held) => self.known.insert(key.clone(), Known { held: held.clone(), source, revision }),
            None => self.known.remove(&key),
        };
        let same = before.as_ref().map(|known| &known.held) == held.as_ref();
        if same {
            let (was, is) = (before.as_ref().map(|known| known.source), Some(source));
            self.keep_revision(&key, before);
            return (was != is && held.is_some()).then_some(key);
        }
        self.documents.note(&key, held.as_ref());
        self.judge(&key, held.as_ref());
        if source == Source::Store {
            self.say_changed(&key, before.map(|known| known.held), held);
        }
        Some(key)
    }

    /// A value that is told again has not changed.
    pub(super) fn keep_revision(&mut self, key: &Key, before: Option<Known>) {
        if let (Some(known), Some(before)) = (self.known.get_mut(key), before) {
            known.revision = before.revision;
        }
    }

    pub(super) fn say_changed(&self, key: &Key, before: Option<Held>, after: Option<Held>) {
        let (key, revision) = (key.clone(), self.revision);
        self.shared.tell(FlagEvent::Changed { key, before, after, revision });
    }
}
