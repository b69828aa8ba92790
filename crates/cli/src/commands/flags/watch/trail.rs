//! From a change that arrived to the line of the audit that says who made it.

use std::sync::Arc;

use handover_flags::{AuditEntry, FlagStore, Held, Key};

/// How many lines are read for a change.
const LINES: usize = 256;

/// Lines of the audit that no change was seen for yet.
#[derive(Debug)]
pub(super) struct Trail {
    store: Arc<dyn FlagStore>,
    /// The newest line that was read; absent while none was.
    newest: Option<AuditEntry>,
    /// Oldest first.
    open: Vec<AuditEntry>,
    begun: bool,
}

impl Trail {
    pub(super) const fn new(store: Arc<dyn FlagStore>) -> Self {
        Self { store, newest: None, open: Vec::new(), begun: false }
    }

    /// What was written before this is of no change that is still to come.
    pub(super) async fn begin(&mut self) {
        if !self.begun {
            self.begun = true;
            self.read().await;
            self.open.clear();
        }
    }

    /// Reads what was written since. A change through a store is in its audit before anybody hears of it; an audit that
    /// cannot be read names nobody.
    pub(super) async fn read(&mut self) {
        let Ok(lines) = self.store.audit(LINES).await else { return };
        let known = self.newest.as_ref().and_then(|newest| lines.iter().position(|line| line == newest));
        let new = &lines[..known.unwrap_or(lines.len())];
        self.open.extend(new.iter().rev().cloned());
        let too_many = self.open.len().saturating_sub(LINES);
        self.open.drain(..too_many);
        self.newest = lines.into_iter().next().or_else(|| self.newest.take());
    }

    /// The line of this change, and how many of the same key came before it that were never seen.
    pub(super) fn of(&mut self, key: &Key, after: Option<&Held>) -> (Option<AuditEntry>, usize) {
        let is_it = |line: &AuditEntry| line.key == *key && line.after.as_ref() == after;
        let Some(at) = self.open.iter().rposition(is_it) else { return (None, 0) };
        let found = self.open[at].clone();
        // What was noticed only was seen here as well.
        let unseen = |line: &&AuditEntry| line.key == *key && line.actor != AuditEntry::OUTSIDE;
        let earlier = self.open[..at].iter().filter(unseen).count();
        let mut place = 0;
        self.open.retain(|line| {
            place += 1;
            line.key != *key || place > at + 1
        });
        (Some(found), earlier)
    }
}

#[cfg(test)]
mod tests {
    use handover_flags::{Change, FlagName, MemoryStore};

    use super::*;

    fn key() -> Key {
        Key::Gate(FlagName::new("x").unwrap())
    }

    async fn put(store: &MemoryStore, text: &str, reason: &str) {
        store.put(&key(), text, &Change::by("ann").because(reason)).await.unwrap();
    }

    fn why(found: &(Option<AuditEntry>, usize)) -> (Option<&str>, usize) {
        (found.0.as_ref().and_then(|line| line.reason.as_deref()), found.1)
    }

    #[tokio::test]
    async fn a_change_has_its_own_line_and_never_an_older_one_that_says_the_same() {
        let store = MemoryStore::new();
        put(&store, "false", "long ago").await;
        let mut trail = Trail::new(Arc::new(store.clone()));
        trail.begin().await;
        let off = Held::from("false");
        assert_eq!(why(&trail.of(&key(), Some(&off))), (None, 0));
        put(&store, "false", "now").await;
        trail.read().await;
        assert_eq!(why(&trail.of(&key(), Some(&off))), (Some("now"), 0));
        trail.read().await;
        assert_eq!(why(&trail.of(&key(), Some(&off))), (None, 0));
    }

    #[tokio::test]
    async fn changes_that_came_and_went_are_counted() {
        let store = MemoryStore::new();
        let mut trail = Trail::new(Arc::new(store.clone()));
        trail.begin().await;
        for (text, reason) in [("true", "1"), ("false", "2"), ("true", "3")] {
            put(&store, text, reason).await;
        }
        trail.read().await;
        assert_eq!(why(&trail.of(&key(), Some(&Held::from("true")))), (Some("3"), 2));
        assert!(trail.open.is_empty());
    }
}
