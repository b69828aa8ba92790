use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// What a store can do, as data that is asked before acting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own that a caller asks")]
pub struct Capabilities {
    /// Takes changes at all.
    pub writes: bool,
    /// Forgets a value by itself after a time: [`Change::expires`](crate::Change::expires).
    pub expires: bool,
    /// Counts the changes made through it.
    pub revisions: bool,
    /// Keeps who changed what, and why.
    pub audit: bool,
    /// Keeps which process has taken up which change, and which flags are used.
    pub seen: bool,
}

impl Capabilities {
    /// A store that can only be read.
    pub const READ_ONLY: Self =
        Self { writes: false, expires: false, revisions: false, audit: false, seen: false };
    /// A store that can do everything.
    pub const ALL: Self = Self { writes: true, expires: true, revisions: true, audit: true, seen: true };
}

/// How changes come from a store to its readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Delivery {
    /// The store tells its readers at once.
    Push,
    /// The store tells of keys that changed, by a way that can lose some: they are read again from time to time.
    Notified,
    /// Everything is read again from time to time.
    Polled {
        /// How often, in milliseconds.
        #[serde(rename = "every_ms", serialize_with = "milliseconds")]
        every: Duration,
    },
    /// Nothing ever changes.
    Fixed,
}

fn milliseconds<S: serde::Serializer>(every: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u64(u64::try_from(every.as_millis()).unwrap_or(u64::MAX))
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Push => f.write_str("pushed"),
            Self::Notified => f.write_str("notified"),
            Self::Polled { every } => write!(f, "polled every {every:?}"),
            Self::Fixed => f.write_str("fixed"),
        }
    }
}
