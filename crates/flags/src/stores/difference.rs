use tokio::time::Instant;

use crate::store::{Contents, Held, Key, StoreEvent};

/// What a watcher who knows one state has to be told of another.
pub(crate) fn difference(known: &Contents, now: &Contents, as_of: Instant) -> StoreEvent {
    if known.epoch != now.epoch {
        return StoreEvent::Contents { contents: now.clone(), as_of };
    }
    let changes = changes(known, now);
    if changes.is_empty() && known.revision == now.revision {
        StoreEvent::Fresh { as_of }
    } else {
        StoreEvent::Changed { changes, revision: now.revision, as_of }
    }
}

fn changes(known: &Contents, now: &Contents) -> Vec<(Key, Option<Held>)> {
    let gone =
        known.values.keys().filter(|key| !now.values.contains_key(*key)).map(|key| (key.clone(), None));
    let other = now.values.iter().filter(|(key, held)| known.values.get(*key) != Some(held));
    gone.chain(other.map(|(key, held)| (key.clone(), Some(held.clone())))).collect()
}
