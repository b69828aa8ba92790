use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::FlagName;
use crate::store::{
    AuditEntry, Change, Contents, Held, Key, LastUse, Receipt, Revision, Seen, StoreError, Usage,
};

/// How many lines of the audit are kept.
const AUDIT: usize = 10_000;

/// How long it is believed that a process lives which says no more.
const SILENT: Duration = Duration::from_secs(30);

pub(super) struct State {
    contents: Contents,
    audit: VecDeque<AuditEntry>,
    /// The revision that last touched each key, so that an old deadline spares a newer value.
    touched: HashMap<Key, u64>,
    seen: BTreeMap<Arc<str>, (Seen, Instant)>,
    usage: BTreeMap<FlagName, LastUse>,
    epochs: u64,
}

impl State {
    pub(super) fn new(contents: Contents) -> Self {
        let contents = Contents { revision: Some(contents.revision.unwrap_or_default()), ..contents };
        Self {
            contents,
            audit: VecDeque::new(),
            touched: HashMap::new(),
            seen: BTreeMap::new(),
            usage: BTreeMap::new(),
            epochs: 0,
        }
    }

    pub(super) const fn contents(&self) -> &Contents {
        &self.contents
    }

    pub(super) fn change(
        &mut self,
        key: &Key,
        held: Option<Held>,
        change: &Change,
        at_ms: u64,
    ) -> Result<(Receipt, u64), StoreError> {
        let before = self.contents.values.get(key).cloned();
        if change.only_if.as_ref().is_some_and(|wanted| *wanted != before) {
            return Err(StoreError::Conflict { key: key.clone(), found: before });
        }
        let revision = self.count(key);
        self.set(key, held.clone());
        self.write_down(entry(key, before.clone(), held, change, revision, at_ms));
        Ok((Receipt { revision: Some(revision), before }, revision.0))
    }

    fn count(&mut self, key: &Key) -> Revision {
        let next = Revision(self.contents.revision.unwrap_or_default().0 + 1);
        self.contents.revision = Some(next);
        self.touched.insert(key.clone(), next.0);
        next
    }

    fn set(&mut self, key: &Key, held: Option<Held>) {
        match held {
            Some(held) => self.contents.values.insert(key.clone(), held),
            None => self.contents.values.remove(key),
        };
    }

    fn write_down(&mut self, entry: AuditEntry) {
        if self.audit.len() == AUDIT {
            self.audit.pop_front();
        }
        self.audit.push_back(entry);
    }

    #[cfg(feature = "testkit")]
    pub(super) fn write_past(&mut self, key: &Key, held: Option<Held>) {
        // As a plain SET in Redis does, it takes an old deadline away.
        self.touched.remove(key);
        self.set(key, held);
    }

    pub(super) fn lapse(&mut self, key: &Key, version: u64) {
        if self.touched.get(key) == Some(&version) {
            self.contents.values.remove(key);
        }
    }

    pub(super) fn audit(&self, newest: usize) -> Vec<AuditEntry> {
        self.audit.iter().rev().take(newest).cloned().collect()
    }

    pub(super) fn report(&mut self, seen: &Seen, now: Instant) {
        self.seen.insert(Arc::clone(&seen.instance), (seen.clone(), now));
    }

    pub(super) fn seen(&self, now: Instant) -> Vec<Seen> {
        let living = self.seen.values().filter(|(_, at)| now.saturating_duration_since(*at) < SILENT);
        living.map(|(seen, _)| seen.clone()).collect()
    }

    pub(super) fn report_usage(&mut self, usage: &Usage, at_ms: u64) {
        for flag in &usage.declared {
            self.usage.entry(flag.clone()).or_default().declared_ms = Some(at_ms);
        }
        for flag in &usage.evaluated {
            self.usage.entry(flag.clone()).or_default().evaluated_ms = Some(at_ms);
        }
    }

    pub(super) fn usage(&self) -> BTreeMap<FlagName, LastUse> {
        self.usage.clone()
    }

    pub(super) fn accept(&mut self, actor: &str) {
        self.epochs += 1;
        self.contents.epoch = Some(format!("{}/{actor}", self.epochs).into());
    }
}

fn entry(
    key: &Key,
    before: Option<Held>,
    after: Option<Held>,
    change: &Change,
    revision: Revision,
    at_ms: u64,
) -> AuditEntry {
    AuditEntry {
        at_ms,
        key: key.clone(),
        before,
        after,
        actor: change.actor.clone(),
        reason: change.reason.clone(),
        run: change.run.clone(),
        revision: Some(revision),
    }
}
