//! What becomes of events on their way through a mutant.

use std::sync::Arc;

use tokio::time::Instant;

use super::flawed::Signs;
use super::{Flaw, SECRET};
use crate::{Contents, Held, Key, Revision, StoreError, StoreEvent, Teller, Unwatched, Watch};

type Changes = Vec<(Key, Option<Held>)>;

/// A mutant's watch.
pub(super) struct Twist {
    flaw: Flaw,
    signs: Arc<Signs>,
    /// What the store holds, as far as it was told.
    known: Option<Contents>,
    /// Whether the way was ever cut.
    cut: bool,
}

impl Twist {
    pub(super) const fn new(flaw: Flaw, signs: Arc<Signs>) -> Self {
        Self { flaw, signs, known: None, cut: false }
    }

    pub(super) async fn pass_on(mut self, mut inner: Watch, teller: Teller) -> Result<(), Unwatched> {
        if self.flaw == Flaw::LeaksInNotice {
            teller.tell(StoreEvent::Noticed(format!("connected to redis://me:{SECRET}@db"))).await?;
        }
        while let Some(event) = inner.next().await {
            for twisted in self.twist(event) {
                teller.tell(twisted).await?;
            }
        }
        Ok(())
    }

    fn twist(&mut self, event: StoreEvent) -> Vec<StoreEvent> {
        match event {
            StoreEvent::Lost(error) => self.lost(error),
            _ if self.cut && self.flaw == Flaw::StaysDeaf => Vec::new(),
            StoreEvent::Contents { contents, as_of } => vec![self.begun(contents, as_of)],
            StoreEvent::Changed { changes, revision, as_of } => {
                let told = self.changed(changes, revision).into_iter();
                told.map(|(changes, revision)| StoreEvent::Changed { changes, revision, as_of }).collect()
            }
            other => vec![other],
        }
    }

    fn begun(&mut self, mut contents: Contents, as_of: Instant) -> StoreEvent {
        let first = self.known.replace(contents.clone()).is_none();
        match self.flaw {
            Flaw::BeginsAmid => {
                let changes = contents.values.into_iter().map(|(key, held)| (key, Some(held)));
                return StoreEvent::Changed {
                    changes: changes.collect(),
                    revision: contents.revision,
                    as_of,
                };
            }
            Flaw::MissesWhileCut if !first => return StoreEvent::Fresh { as_of },
            Flaw::BeginsEmpty if first => contents.values.clear(),
            Flaw::BeginsUncounted => contents.revision = None,
            Flaw::SkipsMalformed => contents.values.retain(|key, held| sensible(key, held)),
            _ => {}
        }
        StoreEvent::Contents { contents, as_of }
    }

    fn lost(&mut self, error: StoreError) -> Vec<StoreEvent> {
        self.cut = true;
        match self.flaw {
            Flaw::HidesLoss => Vec::new(),
            Flaw::LeaksInLoss => {
                let source = format!("AUTH {SECRET} failed").into();
                vec![StoreEvent::Lost(StoreError::Unreachable { store: "redis".to_owned(), source })]
            }
            _ => vec![StoreEvent::Lost(error)],
        }
    }

    fn changed(
        &mut self,
        mut changes: Changes,
        revision: Option<Revision>,
    ) -> Vec<(Changes, Option<Revision>)> {
        let before: Changes = changes.iter().map(|(key, _)| (key.clone(), self.held(key))).collect();
        self.take(&changes);
        match self.flaw {
            Flaw::MissesLast if changes.len() > 1 => drop(changes.pop()),
            Flaw::MissesOutside => changes.retain(|(key, held)| !self.signs.is_outside(key, held.as_ref())),
            Flaw::TellsNoRemoval => changes.retain(|(_, held)| held.is_some()),
            Flaw::SkipsMalformed => {
                changes.retain(|(key, held)| held.as_ref().is_none_or(|held| sensible(key, held)));
            }
            Flaw::Flickers => {
                return vec![(changes.clone(), revision), (before, revision), (changes, revision)];
            }
            Flaw::CountsEarly => return vec![(Vec::new(), revision), (changes, revision)],
            Flaw::CountsLate => return vec![(changes, None), (Vec::new(), revision)],
            _ => {}
        }
        vec![(changes, revision)]
    }

    fn held(&self, key: &Key) -> Option<Held> {
        self.known.as_ref()?.values.get(key).cloned()
    }

    fn take(&mut self, changes: &Changes) {
        let values = &mut self.known.get_or_insert_default().values;
        for (key, held) in changes {
            match held {
                Some(held) => values.insert(key.clone(), held.clone()),
                None => values.remove(key),
            };
        }
    }
}

fn sensible(key: &Key, held: &Held) -> bool {
    held.text().is_some_and(|text| key.objection(text).is_none())
}
