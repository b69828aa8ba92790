//! From what a store tells to the lines that are shown.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use handover_core::Timestamp;
use handover_flags::rules::Rules;
use handover_flags::{AuditEntry, Contents, Delivery, FlagName, FlagStore, Held, Key, StoreEvent};
use tokio::time::Instant;

use super::line::{Delay, Line, What};
use super::trail::Trail;
use crate::exit::Exit;

/// By how much two clocks that are right may seem to differ: each is read in whole milliseconds.
const ROUNDING: u64 = 1;

#[derive(Debug)]
pub(super) struct Watching {
    store: Arc<dyn FlagStore>,
    /// Only these; all where there are none.
    names: BTreeSet<FlagName>,
    trail: Trail,
    known: Option<Contents>,
    delivery: Option<Delivery>,
    /// When the store was last known to hold what is known.
    as_of: Option<Instant>,
    /// Since when it cannot be heard.
    lost: Option<Instant>,
}

/// When something arrived, by both clocks.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    at: Timestamp,
    instant: Instant,
}

type Step = (Key, Option<Held>);

impl Watching {
    pub(super) fn new(store: Arc<dyn FlagStore>, names: BTreeSet<FlagName>) -> Self {
        let trail = Trail::new(Arc::clone(&store));
        Self { store, names, trail, known: None, delivery: None, as_of: None, lost: None }
    }

    /// Whether the store is heard.
    pub(super) fn exit(&self) -> Exit {
        if self.known.is_some() && self.lost.is_none() { Exit::Done } else { Exit::Unknown }
    }

    /// Takes an event in; what there is to see of it.
    pub(super) async fn take(&mut self, event: StoreEvent) -> Vec<Line> {
        let now = Arrival { at: Timestamp::now(), instant: Instant::now() };
        let line = |what| vec![Line::new(now.at, what)];
        match event {
            StoreEvent::Contents { contents, as_of } => self.contents(contents, as_of, now).await,
            StoreEvent::Changed { changes, as_of, .. } => self.changed(changes, as_of, now).await,
            StoreEvent::Fresh { as_of } => {
                self.as_of = Some(as_of);
                Vec::new()
            }
            StoreEvent::Delivery(delivery) => {
                let told = self.delivery.replace(delivery).is_some_and(|was| was != delivery);
                if told { line(What::Delivery { delivery }) } else { Vec::new() }
            }
            StoreEvent::Lost(error) => {
                let first = self.lost.is_none();
                self.lost.get_or_insert(now.instant);
                if first { line(What::Lost { because: error.in_full() }) } else { Vec::new() }
            }
            StoreEvent::Noticed(what) => line(What::Noticed { what }),
            _ => Vec::new(),
        }
    }

    async fn contents(&mut self, contents: Contents, as_of: Instant, now: Arrival) -> Vec<Line> {
        let flags = contents.flags().count();
        let mut lines = Vec::new();
        if let Some(lost) = self.lost.take() {
            let after = now.instant.saturating_duration_since(lost);
            lines.push(Line::new(now.at, What::Heard { after_ms: millis(after), flags }));
        }
        match &self.known {
            None => {
                self.trail.begin().await;
                let (store, delivery) = (self.store.name(), self.delivery);
                lines.push(Line::new(now.at, What::Watching { store, flags, delivery }));
                self.known = Some(contents);
                self.as_of = Some(as_of);
            }
            Some(known) => {
                let steps = difference(known, &contents);
                lines.extend(self.changed(steps, as_of, now).await);
            }
        }
        lines
    }

    async fn changed(&mut self, steps: Vec<Step>, as_of: Instant, now: Arrival) -> Vec<Line> {
        let bound = self.as_of.map(|known| now.instant.saturating_duration_since(known));
        self.as_of = Some(as_of);
        self.lost = None;
        if !steps.is_empty() {
            self.trail.read().await;
        }
        let mut lines = Vec::new();
        for (key, after) in steps {
            let (by, skipped) = self.trail.of(&key, after.as_ref());
            let meant = self.is_meant(&key);
            let before = self.set(&key, after.clone());
            if meant && before != after {
                let delay = delay(by.as_ref(), bound, now.at);
                let by = by.map(Box::new);
                let what = What::Changed { key, before, after, by, skipped, delay };
                lines.push(Line::new(now.at, what));
            }
        }
        lines
    }

    /// Puts it into what is known; what was known before.
    fn set(&mut self, key: &Key, after: Option<Held>) -> Option<Held> {
        let values = &mut self.known.get_or_insert_default().values;
        match after {
            Some(held) => values.insert(key.clone(), held),
            None => values.remove(key),
        }
    }

    /// Whether it is one of the flags that were named, or a segment that one of them speaks of.
    fn is_meant(&self, key: &Key) -> bool {
        self.names.is_empty()
            || match key {
                Key::Gate(flag) | Key::Rules(flag) => self.names.contains(flag),
                Key::Segment(name) => self.names.iter().any(|flag| self.speaks_of(flag, name)),
            }
    }

    fn speaks_of(&self, flag: &FlagName, segment: &FlagName) -> bool {
        let known = self.known.as_ref().and_then(|known| known.values.get(&Key::Rules(flag.clone())));
        let rules = known.and_then(Held::text).and_then(|text| Rules::parse(text).ok());
        rules.is_some_and(|rules| {
            rules.rules.iter().any(|rule| rule.segments.iter().any(|name| name == segment.as_str()))
        })
    }
}

/// What must change for one to become the other.
fn difference(known: &Contents, now: &Contents) -> Vec<Step> {
    let gone =
        known.values.keys().filter(|key| !now.values.contains_key(*key)).map(|key| (key.clone(), None));
    let new = now.values.iter().filter(|(key, held)| known.values.get(*key) != Some(held));
    gone.chain(new.map(|(key, held)| (key.clone(), Some(held.clone())))).collect()
}

/// What is known of how long it took. A moment that the store wrote down counts only where it can be right: after the store
/// was last known to be as before, and not in the future.
fn delay(by: Option<&AuditEntry>, bound: Option<Duration>, now: Timestamp) -> Delay {
    let bound = bound.map(millis);
    let made = by.filter(|entry| entry.actor != AuditEntry::OUTSIDE).map(|entry| entry.at_ms);
    let took = made.and_then(|made| (now.unix_millis() + ROUNDING).checked_sub(made));
    let took = took.map(|took| took.saturating_sub(ROUNDING));
    match (took, bound) {
        (Some(took), Some(bound)) if took <= bound + ROUNDING => Delay::Took { delay_ms: took },
        (_, Some(bound)) => Delay::AtMost { delay_at_most_ms: bound },
        (_, None) => Delay::Unknown {},
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use handover_flags::MemoryStore;

    use super::*;

    fn entry(actor: &str, at_ms: u64) -> AuditEntry {
        AuditEntry {
            at_ms,
            key: Key::Gate(FlagName::new("x").unwrap()),
            before: None,
            after: None,
            actor: actor.into(),
            reason: None,
            run: None,
            revision: None,
        }
    }

    #[test]
    fn a_moment_that_cannot_be_right_is_not_believed() {
        let now = Timestamp::from_unix_millis(10_000);
        let bound = Some(Duration::from_micros(99_500));
        let took = |at_ms| delay(Some(&entry("ann", at_ms)), bound, now);
        let at_most = Delay::AtMost { delay_at_most_ms: 100 };
        assert_eq!(took(9_997), Delay::Took { delay_ms: 3 });
        assert_eq!(took(10_001), Delay::Took { delay_ms: 0 });
        // The store's clock is ahead, or behind.
        assert_eq!(took(10_050), at_most);
        assert_eq!(took(9_000), at_most);
        // Whoever noticed it says nothing of when it was made.
        assert_eq!(delay(Some(&entry(AuditEntry::OUTSIDE, 9_999)), bound, now), at_most);
        assert_eq!(delay(None, bound, now), at_most);
        assert_eq!(delay(None, None, now), Delay::Unknown {});
    }

    #[tokio::test(start_paused = true)]
    async fn the_bound_begins_when_the_store_was_last_known_to_be_as_before() {
        let mut watching = Watching::new(Arc::new(MemoryStore::new()), BTreeSet::new());
        let begun = Instant::now();
        watching.take(StoreEvent::Contents { contents: Contents::default(), as_of: begun }).await;
        tokio::time::advance(Duration::from_millis(500)).await;
        assert!(watching.take(StoreEvent::Fresh { as_of: Instant::now() }).await.is_empty());
        tokio::time::advance(Duration::from_millis(40)).await;
        let changes = vec![(Key::Gate(FlagName::new("x").unwrap()), Some(Held::from("true")))];
        let as_of = Instant::now();
        let lines = watching.take(StoreEvent::Changed { changes, revision: None, as_of }).await;
        let said: Vec<_> = lines.iter().map(ToString::to_string).collect();
        assert!(said[0].ends_with("x  not set → on  outside handover  after at most 40 ms"), "{said:?}");
    }
}
