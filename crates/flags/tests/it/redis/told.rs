use std::collections::BTreeMap;
use std::time::Duration;

use handover_flags::{Delivery, Held, Key, Revision, StoreEvent, Watch};
use tokio::time::{Instant, timeout};

/// Longer than anything takes, and shorter than any pause that would hide that it was not told.
const GUARD: Duration = Duration::from_mins(1);

/// What a watcher knows by what it was told.
#[derive(Debug)]
pub(super) struct Told {
    watch: Watch,
    pub(super) values: BTreeMap<Key, Held>,
    pub(super) revision: Option<Revision>,
    pub(super) epoch: Option<String>,
    pub(super) as_of: Option<Instant>,
    pub(super) delivery: Option<Delivery>,
    /// Whether it was told that the store cannot be heard, and nothing since.
    pub(super) lost: Option<String>,
    pub(super) noticed: Vec<String>,
    /// How often it was told everything, changes, and that nothing changed.
    pub(super) contents: usize,
    pub(super) changed: usize,
    pub(super) fresh: usize,
}

impl Told {
    pub(super) fn new(watch: Watch) -> Self {
        Self {
            watch,
            values: BTreeMap::new(),
            revision: None,
            epoch: None,
            as_of: None,
            delivery: None,
            lost: None,
            noticed: Vec::new(),
            contents: 0,
            changed: 0,
            fresh: 0,
        }
    }

    /// Once everything has been told.
    pub(super) async fn begun(watch: Watch) -> Self {
        let mut told = Self::new(watch);
        told.until("everything is told", |told| told.contents > 0).await;
        told
    }

    pub(super) async fn until(&mut self, what: &str, reached: impl Fn(&Self) -> bool) {
        let waited = timeout(GUARD, async {
            while !reached(self) {
                self.next().await;
            }
        });
        let late = waited.await.is_err();
        assert!(!late, "{what}: not told; {self:?}");
    }

    /// One more event.
    pub(super) async fn next(&mut self) {
        // A watch never ends by itself.
        let event = self.watch.next().await.unwrap();
        self.take(event);
    }

    pub(super) async fn until_is(&mut self, key: &Key, expected: Option<&Held>) {
        self.until(&format!("{key} is {expected:?}"), |told| told.values.get(key) == expected).await;
    }

    /// Until something was asked and answered after this moment.
    pub(super) async fn until_fresh(&mut self, moment: Instant) {
        self.until("it is fresh", |told| told.as_of.is_some_and(|as_of| as_of > moment)).await;
    }

    fn take(&mut self, event: StoreEvent) {
        match event {
            StoreEvent::Contents { contents, as_of } => {
                (self.values, self.revision) = (contents.values, contents.revision);
                self.epoch = contents.epoch.map(|epoch| epoch.to_string());
                self.contents += 1;
                self.known(as_of);
            }
            StoreEvent::Changed { changes, revision, as_of } => {
                for (key, held) in changes {
                    match held {
                        Some(held) => self.values.insert(key, held),
                        None => self.values.remove(&key),
                    };
                }
                assert!(
                    revision >= self.revision,
                    "revisions go back: {revision:?} after {:?}",
                    self.revision
                );
                self.revision = revision;
                self.changed += 1;
                self.known(as_of);
            }
            StoreEvent::Fresh { as_of } => {
                self.fresh += 1;
                self.known(as_of);
            }
            StoreEvent::Delivery(delivery) => self.delivery = Some(delivery),
            StoreEvent::Lost(error) => self.lost = Some(error.in_full()),
            StoreEvent::Noticed(text) => self.noticed.push(text),
            other => panic!("{other:?}"),
        }
    }

    fn known(&mut self, as_of: Instant) {
        assert!(self.as_of.is_none_or(|before| before <= as_of), "what is known grows older");
        assert!(as_of <= Instant::now());
        (self.as_of, self.lost) = (Some(as_of), None);
    }
}
