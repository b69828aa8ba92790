use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Key;

/// What a store has under a key.
///
/// `Debug` shows what is there: flags are no place for secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// A text. Whether it makes sense is for the reader to say.
    Text(Arc<str>),
    /// Something that is no text, or too large to be read: why.
    Unreadable(Arc<str>),
}

impl Held {
    /// The longest text that a store hands on, in bytes.
    pub const LONGEST: usize = 256 * 1024;

    /// What was found, if it is UTF-8 of a sensible size.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        if bytes.len() > Self::LONGEST {
            return Self::Unreadable(format!("{} bytes are more than {}", bytes.len(), Self::LONGEST).into());
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.into()),
            Err(_) => Self::Unreadable("it is not UTF-8".into()),
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Unreadable(_) => None,
        }
    }
}

impl From<&str> for Held {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// A number that grows with each change made through a store; a plain `SET` in Redis does not raise it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Everything in a store at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// What stands under each key.
    pub values: BTreeMap<Key, Held>,
    /// The last change that was made through a store, where it counts them.
    pub revision: Option<Revision>,
    /// A mark that an operator changes to say "so few flags are meant": see [`WipeGuard`](crate::WipeGuard).
    pub epoch: Option<Arc<str>>,
}

impl Contents {
    /// The flags with a gate or rules, in order.
    pub fn flags(&self) -> impl Iterator<Item = &crate::FlagName> {
        let mut names: Vec<_> =
            self.values.keys().filter(|key| !matches!(key, Key::Segment(_))).map(Key::name).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter()
    }
}
