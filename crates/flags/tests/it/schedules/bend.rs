//! Stores that are wrong in one way each, for the test of the judge.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_flags::{
    Capabilities, Change, Contents, FlagStore, Held, Key, Receipt, StoreError, StoreEvent, Teller, Unwatched,
    Watch,
};
use tokio::time::{Instant, sleep, timeout};

/// How a store is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bend {
    /// It is not.
    Straight,
    /// It does not tell every third change.
    Swallows,
    /// It says that all is fresh while it cannot be heard.
    FeignsFreshness,
    /// It tells the former values once more after the new ones.
    GoesBack,
    /// It does not say that it cannot be heard.
    HidesLoss,
    /// It says nothing more once it could not be heard.
    StaysDeaf,
    /// It says of every loss of everything that it was meant.
    BelievesWipes,
    /// It takes what it last heard for what is so now.
    DatesAhead,
}

/// A store, and how it is wrong.
#[derive(Debug)]
struct Bent<S> {
    straight: S,
    bend: Bend,
}

/// What a bent watch remembers.
struct Bending {
    bend: Bend,
    known: BTreeMap<Key, Held>,
    changes: u64,
    lost: bool,
}

impl Bend {
    /// How often who feigns speaks, and for how long a former value stands.
    const PRETENCE: Duration = Duration::from_millis(20);
    /// How far ahead is dated.
    const AHEAD: Duration = Duration::from_millis(300);

    pub(super) fn of(self, store: impl FlagStore + 'static) -> Arc<dyn FlagStore> {
        match self {
            Self::Straight => Arc::new(store),
            bend => Arc::new(Bent { straight: store, bend }),
        }
    }
}

#[async_trait]
impl<S: FlagStore> FlagStore for Bent<S> {
    fn name(&self) -> String {
        self.straight.name()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::READ_ONLY
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        self.straight.load().await
    }

    async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError> {
        self.straight.put(key, text, change).await
    }

    async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError> {
        self.straight.remove(key, change).await
    }

    fn watch(&self) -> Watch {
        let (inner, bend) = (self.straight.watch(), self.bend);
        let bending = Bending { bend, known: BTreeMap::new(), changes: 0, lost: false };
        Watch::spawn(move |teller| async move {
            // It ends with who listens.
            let _ = bending.pass_on(inner, teller).await;
        })
    }
}

impl Bending {
    async fn pass_on(mut self, mut inner: Watch, teller: Teller) -> Result<(), Unwatched> {
        loop {
            match timeout(Bend::PRETENCE, inner.next()).await {
                Ok(None) => return Ok(()),
                Ok(Some(event)) => {
                    self.lost =
                        matches!(event, StoreEvent::Lost(_)) || self.lost && self.bend == Bend::StaysDeaf;
                    for (at, event) in self.bent(event).into_iter().enumerate() {
                        // Long enough that somebody reads what is told in between.
                        sleep(if at > 0 { Bend::PRETENCE } else { Duration::ZERO }).await;
                        teller.tell(event).await?;
                    }
                }
                Err(_) if self.bend == Bend::FeignsFreshness && self.lost => {
                    teller.tell(StoreEvent::Fresh { as_of: Instant::now() }).await?;
                }
                Err(_) => {}
            }
        }
    }

    fn bent(&mut self, event: StoreEvent) -> Vec<StoreEvent> {
        match (self.bend, event) {
            (Bend::FeignsFreshness | Bend::HidesLoss, StoreEvent::Lost(_)) => Vec::new(),
            (Bend::StaysDeaf, event) if self.lost => {
                if matches!(event, StoreEvent::Lost(_)) {
                    vec![event]
                } else {
                    Vec::new()
                }
            }
            (Bend::DatesAhead, StoreEvent::Fresh { as_of }) => {
                vec![StoreEvent::Fresh { as_of: as_of + Bend::AHEAD }]
            }
            (_, StoreEvent::Contents { contents, as_of }) => self.contents(contents, as_of),
            (_, StoreEvent::Changed { changes, revision, as_of }) => {
                let told = self.changed(changes);
                told.into_iter().map(|changes| StoreEvent::Changed { changes, revision, as_of }).collect()
            }
            (_, event) => vec![event],
        }
    }

    fn contents(&mut self, mut contents: Contents, as_of: Instant) -> Vec<StoreEvent> {
        self.known = contents.values.clone();
        self.changes += 1;
        if self.bend == Bend::BelievesWipes && self.known.is_empty() {
            contents.epoch = Some(self.changes.to_string().into());
        }
        vec![StoreEvent::Contents { contents, as_of }]
    }

    fn changed(&mut self, changes: Vec<(Key, Option<Held>)>) -> Vec<Vec<(Key, Option<Held>)>> {
        let former: Vec<_> =
            changes.iter().map(|(key, _)| (key.clone(), self.known.get(key).cloned())).collect();
        for (key, held) in &changes {
            match held {
                Some(held) => drop(self.known.insert(key.clone(), held.clone())),
                None => drop(self.known.remove(key)),
            }
        }
        self.changes += 1;
        match self.bend {
            Bend::Swallows if self.changes.is_multiple_of(3) => Vec::new(),
            Bend::GoesBack => vec![changes.clone(), former, changes],
            _ => vec![changes],
        }
    }
}
