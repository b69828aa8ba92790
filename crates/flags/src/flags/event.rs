use std::sync::Arc;

use serde::Serialize;

use crate::flags::guard::Suspect;
use crate::store::{Delivery, Held, Key, Revision};

/// Something that happened to the flags of this process.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "event")]
#[non_exhaustive]
pub enum FlagEvent {
    /// What stands under a key is another.
    Changed {
        /// Which key.
        key: Key,
        /// What stood there as far as this process knew.
        before: Option<Held>,
        /// What stands there now.
        after: Option<Held>,
        /// The last change made through the store.
        revision: Option<Revision>,
    },
    /// What stands under a key makes no sense.
    Malformed {
        /// Which key.
        key: Key,
        /// What is wrong with it.
        why: Arc<str>,
    },
    /// The store cannot be heard: the last values are held.
    Lost {
        /// Why.
        why: Arc<str>,
    },
    /// The store is heard, for the first time or again.
    Heard,
    /// Changes come another way than before.
    Delivery {
        /// Which.
        delivery: Delivery,
    },
    /// So many flags went away at once that it looks like an accident: they are held.
    Wiped {
        /// What is held.
        suspect: Suspect,
    },
    /// What was held after a wipe is let go.
    WipeAccepted,
    /// What is known has become too old, by the limit that was set.
    TooOld,
    /// Something that an operator should know, and that changes no value.
    Noticed {
        /// In words.
        what: Arc<str>,
    },
}
