//! A store that was read as a whole, or spoke of some keys; and what is held although it has it no more.

use tokio::time::Instant;

use super::Intake;
use crate::flags::event::FlagEvent;
use crate::flags::guard::Suspect;
use crate::store::{Contents, Held, Key, Revision};

impl Intake {
    pub(super) fn contents(&mut self, contents: Contents, as_of: Instant) {
        let suspect = self.suspects(&contents);
        let gone: Vec<_> =
            self.known.keys().filter(|key| !contents.values.contains_key(*key)).cloned().collect();
        let held = |key: &Key| suspect.as_ref().is_some_and(|suspect| suspect.held.contains(key));
        let removed = gone.into_iter().filter(|key| !held(key)).map(|key| (key, None)).collect::<Vec<_>>();
        // Without a mark of its own, a store that lost everything has not taken the old one back.
        self.epoch = contents.epoch.or_else(|| self.epoch.take());
        self.revision = contents.revision.or(self.revision);
        let values = contents.values.into_iter().map(|(key, held)| (key, Some(held)));
        self.apply(values.chain(removed));
        self.suspected(suspect);
        self.heard(as_of);
    }

    /// What is to be held although the store has it no more. What is held already stays so.
    pub(super) fn suspects(&self, contents: &Contents) -> Option<Suspect> {
        if contents.epoch.is_some() && contents.epoch != self.epoch {
            return None;
        }
        let former = self.suspect.as_ref().and_then(|suspect| suspect.still_missing(contents));
        self.guard.suspects(self.known.keys(), contents).or(former)
    }

    pub(super) fn changed(
        &mut self,
        changes: Vec<(Key, Option<Held>)>,
        revision: Option<Revision>,
        as_of: Instant,
    ) {
        self.revision = revision.or(self.revision);
        self.release(&changes);
        self.apply(changes);
        self.heard(as_of);
    }

    /// A key of which the store speaks is held no longer.
    pub(super) fn release(&mut self, changes: &[(Key, Option<Held>)]) {
        let Some(mut suspect) = self.suspect.clone() else { return };
        let mut left = true;
        for (key, _) in changes {
            left = suspect.release(key);
        }
        self.suspected(left.then_some(suspect));
    }

    pub(super) fn suspected(&mut self, suspect: Option<Suspect>) {
        if suspect == self.suspect {
            return;
        }
        match &suspect {
            Some(suspect) if self.suspect.is_none() => {
                let (held, of) = (suspect.held.len(), suspect.of);
                tracing::error!(store = self.store(), held, of, "flags went away all at once: they are held");
                self.shared.tell(FlagEvent::Wiped { suspect: suspect.clone() });
            }
            Some(_) => {}
            None => self.shared.tell(FlagEvent::WipeAccepted),
        }
        self.shared.with_status(|status| status.suspect.clone_from(&suspect));
        self.suspect = suspect;
    }
}
