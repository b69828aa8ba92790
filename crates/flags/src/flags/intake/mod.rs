//! Takes up what the store says: from events to what each slot answers.
//!
//! One task owns it. It waits for nobody and asks no clock but for ages, so that all of it can be tested as a function.

mod documents;
mod known;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use self::documents::Documents;
use self::known::{Known, settle};
use super::event::FlagEvent;
use super::flag::Safe;
use super::guard::{Suspect, WipeGuard};
use super::shared::Shared;
use super::status::Standing;
use crate::FlagName;
use crate::hot::Source;
use crate::store::{Contents, Delivery, Held, Key, Revision, StoreError, StoreEvent};

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

    fn contents(&mut self, contents: Contents, as_of: Instant) {
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
    fn suspects(&self, contents: &Contents) -> Option<Suspect> {
        if contents.epoch.is_some() && contents.epoch != self.epoch {
            return None;
        }
        let former = self.suspect.as_ref().and_then(|suspect| suspect.still_missing(contents));
        self.guard.suspects(self.known.keys(), contents).or(former)
    }

    fn changed(&mut self, changes: Vec<(Key, Option<Held>)>, revision: Option<Revision>, as_of: Instant) {
        self.revision = revision.or(self.revision);
        self.release(&changes);
        self.apply(changes);
        self.heard(as_of);
    }

    /// A key of which the store speaks is held no longer.
    fn release(&mut self, changes: &[(Key, Option<Held>)]) {
        let Some(mut suspect) = self.suspect.clone() else { return };
        let mut left = true;
        for (key, _) in changes {
            left = suspect.release(key);
        }
        self.suspected(left.then_some(suspect));
    }

    fn suspected(&mut self, suspect: Option<Suspect>) {
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

    fn apply(&mut self, changes: impl IntoIterator<Item = (Key, Option<Held>)>) {
        let mut touched = BTreeSet::new();
        let mut segments = false;
        for (key, held) in changes {
            if let Some(key) = self.set(key, held, Source::Store) {
                segments |= matches!(key, Key::Segment(_));
                touched.insert(key.name().clone());
            }
        }
        if segments {
            self.documents.settle_segments();
            self.publish_all();
        } else {
            for flag in &touched {
                self.publish(flag);
            }
        }
    }

    /// Writes down what stands under a key now; returns the key if anything is new to readers.
    fn set(&mut self, key: Key, held: Option<Held>, source: Source) -> Option<Key> {
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
    fn keep_revision(&mut self, key: &Key, before: Option<Known>) {
        if let (Some(known), Some(before)) = (self.known.get_mut(key), before) {
            known.revision = before.revision;
        }
    }

    fn judge(&self, key: &Key, held: Option<&Held>) {
        self.say_malformed(key, held.and_then(|held| objection(key, held)));
    }

    /// Rules that were read, and of which something cannot be judged: a segment that is not there, for example.
    fn judge_rules(&self, flag: &FlagName) {
        let Some(compiled) = self.documents.compiled(flag) else { return };
        let key = Key::Rules(flag.clone());
        let Some(held) = self.known.get(&key).map(|known| &known.held) else { return };
        // What cannot be read at all was said already.
        if !self.documents.is_broken(flag) && held.text().is_some() {
            let problems = compiled.problems().join("; ");
            self.say_malformed(&key, (!problems.is_empty()).then(|| problems.into()));
        }
    }

    /// Says what is wrong with a value, once.
    fn say_malformed(&self, key: &Key, why: Option<Arc<str>>) {
        let known = self.shared.with_status(|status| status.malformed.get(key).cloned());
        if known == why {
            return;
        }
        if let Some(why) = &why {
            tracing::warn!(store = self.store(), %key, %why, "the value of a flag makes no sense");
            self.shared.tell(FlagEvent::Malformed { key: key.clone(), why: Arc::clone(why) });
        }
        self.shared.with_status(|status| match why {
            Some(why) => drop(status.malformed.insert(key.clone(), why)),
            None => drop(status.malformed.remove(key)),
        });
    }

    fn say_changed(&self, key: &Key, before: Option<Held>, after: Option<Held>) {
        let (key, revision) = (key.clone(), self.revision);
        self.shared.tell(FlagEvent::Changed { key, before, after, revision });
    }

    fn heard(&mut self, as_of: Instant) {
        self.shared.fresh.known_at(as_of);
        let former = self.shared.with_status(|status| {
            let former = std::mem::replace(&mut status.standing, Standing::Live);
            status.reconnects += u64::from(matches!(former, Standing::Held | Standing::TooOld));
            status.revision = self.revision;
            status.flags = self.known.keys().filter(|key| matches!(key, Key::Gate(_))).count();
            if status.delivery == Some(Delivery::Fixed) {
                self.shared.fresh.always();
            }
            former
        });
        if former != Standing::Live {
            self.shared.tell(FlagEvent::Heard);
        }
        if std::mem::take(&mut self.too_old) {
            self.publish_all();
        }
    }

    fn delivery(&self, delivery: Delivery) {
        let former = self.shared.with_status(|status| status.delivery.replace(delivery));
        if former != Some(delivery) {
            self.shared.tell(FlagEvent::Delivery { delivery });
        }
    }

    fn lost(&self, error: &StoreError) {
        let why: Arc<str> = error.in_full().into();
        let was_live = self.shared.with_status(|status| {
            status.last_error = Some(Arc::clone(&why));
            let was_live = status.standing == Standing::Live;
            if was_live {
                status.standing = Standing::Held;
            }
            was_live
        });
        if was_live {
            tracing::warn!(store = self.store(), %why, "the store of flags cannot be heard: the last values are held");
            self.shared.tell(FlagEvent::Lost { why });
        }
    }

    /// What is known is older than the limit.
    pub(super) fn too_old(&mut self, limit: Duration) {
        let too_old = self.shared.fresh.as_of().age().is_some_and(|age| age >= limit);
        if self.too_old || !too_old {
            return;
        }
        self.too_old = true;
        tracing::error!(
            store = self.store(),
            ?limit,
            "nothing was heard of the flags for longer than the limit"
        );
        self.shared.with_status(|status| {
            if status.standing != Standing::Never {
                status.standing = Standing::TooOld;
            }
        });
        self.shared.tell(FlagEvent::TooOld);
        if self.on_stale == OnStale::Safe {
            self.publish_all();
        }
    }

    pub(super) const fn is_too_old(&self) -> bool {
        self.too_old
    }

    /// Everything known, for the file of last known values.
    pub(super) fn snapshot(&self) -> Contents {
        let values = self.known.iter().map(|(key, known)| (key.clone(), known.held.clone()));
        Contents { values: values.collect(), revision: self.revision, epoch: self.epoch.clone() }
    }

    pub(super) const fn revision(&self) -> Option<Revision> {
        self.revision
    }

    fn publish_all(&self) {
        let declared = self.safe.keys();
        let known = self.known.keys().filter(|key| !matches!(key, Key::Segment(_))).map(Key::name);
        let flags: BTreeSet<_> = declared.chain(known).collect();
        for flag in flags {
            self.publish(flag);
        }
    }

    fn publish(&self, flag: &FlagName) {
        let Some(slot) = self.shared.table.add(flag) else {
            tracing::error!(store = self.store(), %flag, "there are too many flags: this one is not read");
            return;
        };
        self.judge_rules(flag);
        let safe = self.safe.get(flag).copied();
        let stale = self.too_old && self.on_stale == OnStale::Safe;
        let gate = self.known.get(&Key::Gate(flag.clone()));
        let rules = self.known.get(&Key::Rules(flag.clone()));
        let (word, compiled) = settle(safe, stale, gate, rules, self.documents.compiled(flag));
        slot.publish(word, compiled);
        if slot.is_followed() {
            slot.tell(self.shared.ask(&slot, &crate::rules::Context::new()));
        }
    }

    /// Tells those who follow flags whose rules turn with time.
    pub(super) fn tick(&self) {
        for flag in self.documents.turning_with_time() {
            if let Some(slot) = self.shared.table.get(flag.as_str()).filter(|slot| slot.is_followed()) {
                slot.tell(self.shared.ask(slot, &crate::rules::Context::new()));
            }
        }
    }

    fn store(&self) -> String {
        self.shared.with_status(|status| status.store.clone())
    }
}

fn objection(key: &Key, held: &Held) -> Option<Arc<str>> {
    match held {
        Held::Text(text) => key.objection(text).map(Into::into),
        Held::Unreadable(why) => Some(Arc::clone(why)),
    }
}
