use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redis::{PushInfo, PushKind, Value};
use tokio::sync::Notify;

use super::keys;
use crate::store::Key;

/// More keys than this at once are as good as all.
const MANY: usize = 10_000;
/// How many names that are no keys of flags are remembered.
const NAMES: usize = 64;
/// How a message about a key begins; what follows is the number of the database.
const KEYSPACE: &[u8] = b"__keyspace@";

/// What the server has told and nobody has dealt with yet. It never grows beyond a bound.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    pushed: Mutex<Pushed>,
    bell: Notify,
}

/// What was told to have changed.
#[derive(Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "any of them may have been told")]
pub(super) struct Pushed {
    pub(super) keys: BTreeSet<Key>,
    /// The revision itself changed.
    pub(super) revision: bool,
    /// The mark changed.
    pub(super) epoch: bool,
    /// Anything may have changed.
    pub(super) everything: bool,
    /// The connection is gone.
    pub(super) closed: bool,
    /// Other names.
    pub(super) others: HashSet<Vec<u8>>,
}

impl Inbox {
    /// How a connection tells.
    pub(super) fn sender(self: &Arc<Self>) -> impl Fn(PushInfo) -> Result<(), ()> + Send + Sync + 'static {
        let inbox = Arc::clone(self);
        move |push| {
            inbox.lock().take_in(&push);
            inbox.bell.notify_one();
            Ok(())
        }
    }

    /// What has been told so far; from now on that is forgotten.
    pub(super) fn take(&self) -> Pushed {
        std::mem::take(&mut *self.lock())
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Whether nothing waits but that the revision changed.
    pub(super) fn only_revision(&self) -> bool {
        let pushed = self.lock();
        pushed.revision && pushed.keys.is_empty() && !pushed.everything && !pushed.closed
    }

    /// Whether this name has been told.
    pub(super) fn heard(&self, name: &str) -> bool {
        self.lock().others.contains(name.as_bytes())
    }

    /// Waits until something may have been told.
    ///
    /// Cancel safe.
    pub(super) async fn rings(&self) {
        self.bell.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, Pushed> {
        self.pushed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pushed {
    /// Whether there is anything to read.
    pub(super) fn any(&self) -> bool {
        !self.keys.is_empty() || self.revision || self.epoch
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn take_in(&mut self, push: &PushInfo) {
        match (&push.kind, &push.data[..]) {
            (PushKind::Disconnection, _) => self.closed = true,
            (PushKind::Invalidate, [Value::Array(names)]) => names.iter().for_each(|name| self.name(name)),
            // Nothing named is everything: a database was emptied.
            (PushKind::Invalidate, _) => self.everything = true,
            (PushKind::PMessage, [_, Value::BulkString(channel), _]) => self.message(channel),
            _ => {}
        }
    }

    /// `__keyspace@3__:feature:x`
    fn message(&mut self, channel: &[u8]) {
        let Some(rest) = channel.strip_prefix(KEYSPACE) else { return };
        if let Some(at) = rest.iter().position(|byte| *byte == b':') {
            self.bytes(&rest[at + 1..]);
        }
    }

    fn name(&mut self, name: &Value) {
        match name {
            Value::BulkString(bytes) => self.bytes(bytes),
            Value::SimpleString(text) => self.bytes(text.as_bytes()),
            _ => self.everything = true,
        }
    }

    fn bytes(&mut self, name: &[u8]) {
        match std::str::from_utf8(name) {
            Ok(keys::REVISION) => self.revision = true,
            Ok(keys::EPOCH) => self.epoch = true,
            Ok(text) => match Key::parse(text) {
                Some(Ok(key)) => self.key(key),
                _ => self.other(name),
            },
            Err(_) => self.other(name),
        }
    }

    fn key(&mut self, key: Key) {
        if self.keys.len() < MANY {
            self.keys.insert(key);
        } else {
            self.keys.clear();
            self.everything = true;
        }
    }

    fn other(&mut self, name: &[u8]) {
        if self.others.len() < NAMES {
            self.others.insert(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulk(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_owned())
    }

    fn pushed(kind: PushKind, data: Vec<Value>) -> Pushed {
        let mut pushed = Pushed::default();
        pushed.take_in(&PushInfo { kind, data });
        pushed
    }

    #[test]
    fn named_keys_are_told_apart_from_everything_and_from_names_that_are_none() {
        let names = ["feature:x", "feature-rules:x", keys::REVISION, keys::EPOCH, "feature:a\nb"].map(bulk);
        let told = pushed(PushKind::Invalidate, vec![Value::Array(names.to_vec())]);
        assert_eq!((told.keys.len(), told.others.len()), (2, 1));
        assert!(told.revision && told.epoch && !told.everything);
        assert!(pushed(PushKind::Invalidate, vec![Value::Nil]).everything);
        assert!(pushed(PushKind::Disconnection, vec![]).closed);
    }

    #[test]
    fn a_message_about_a_key_names_it() {
        let data = vec![bulk("pattern"), bulk("__keyspace@3__:feature:x:y"), bulk("set")];
        let told = pushed(PushKind::PMessage, data);
        assert_eq!(told.keys.first().unwrap().to_string(), "feature:x:y");
        assert!(pushed(PushKind::PMessage, vec![bulk("p"), bulk("news"), bulk("x")]).is_empty());
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut told = Pushed::default();
        for i in 0..2 * MANY {
            told.bytes(format!("feature:{i}").as_bytes());
            told.bytes(format!("other:{i}").as_bytes());
        }
        assert!(told.everything && told.keys.len() <= MANY && told.others.len() == NAMES);
    }
}
