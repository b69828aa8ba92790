use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

use handover_core::{Hint, Retry};

use super::contents::Held;
use crate::Key;

/// A foreign error, boxed so that a dependency's major version is not ours.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// How soon what could not be reached may be tried again.
const UNREACHABLE_PAUSE: Duration = Duration::from_secs(1);

/// Why a store did not do as asked.
///
/// No variant ever holds a password: a store names itself without one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Nobody answered. Nothing changed.
    #[error("{store} could not be reached")]
    Unreachable {
        /// Which store.
        store: String,
        /// Why.
        #[source]
        source: BoxError,
    },
    /// It answered, and said no. Nothing changed.
    #[error("{store} refused")]
    Refused {
        /// Which store.
        store: String,
        /// What it said.
        #[source]
        source: BoxError,
    },
    /// A change got no answer: it may have been made.
    #[error("{store} did not confirm the change")]
    Unconfirmed {
        /// Which store.
        store: String,
        /// What broke.
        #[source]
        source: BoxError,
    },
    /// Something else stands there than the change was meant for. Nothing changed.
    #[error("{key} is {}, not what it was expected to be", said(found.as_ref()))]
    Conflict {
        /// What was to be changed.
        key: Key,
        /// What stands there.
        found: Option<Held>,
    },
    /// The store cannot do this. Nothing changed.
    #[error("{store} cannot {what}")]
    Unsupported {
        /// Which store.
        store: String,
        /// What it cannot.
        what: &'static str,
    },
    /// What the store has cannot be read as flags, as a whole. Nothing changed.
    #[error("{store} does not hold flags that can be read")]
    Damaged {
        /// Which store.
        store: String,
        /// Why.
        #[source]
        source: BoxError,
    },
}

/// What is held, in words.
fn said(held: Option<&Held>) -> String {
    match held {
        None => "not set".to_owned(),
        Some(Held::Text(text)) if text.len() <= 40 => format!("`{}`", text.escape_debug()),
        Some(Held::Text(text)) => format!("{} bytes of text", text.len()),
        Some(Held::Unreadable(why)) => format!("unreadable ({why})"),
    }
}

impl StoreError {
    /// One word for it, the same for ever.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::Refused { .. } => "refused",
            Self::Unconfirmed { .. } => "unconfirmed",
            Self::Conflict { .. } => "conflict",
            Self::Unsupported { .. } => "unsupported",
            Self::Damaged { .. } => "damaged",
        }
    }

    /// What a caller may do next.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::Unreachable { .. } => Retry::After(UNREACHABLE_PAUSE),
            Self::Unconfirmed { .. } => Retry::AfterReadBack,
            Self::Refused { .. }
            | Self::Conflict { .. }
            | Self::Unsupported { .. }
            | Self::Damaged { .. } => Retry::Never,
        }
    }

    /// The error with its causes, on one line.
    pub fn in_full(&self) -> String {
        let mut said = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            said.push_str(": ");
            said.push_str(&error.to_string());
            cause = error.source();
        }
        said
    }
}

impl Hint for StoreError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Unreachable { .. } => Some("services keep the last values they knew".into()),
            Self::Unconfirmed { .. } => Some("read the flag before changing it again".into()),
            Self::Conflict { .. } => Some("somebody else has changed it; look, and decide anew".into()),
            Self::Refused { .. } | Self::Unsupported { .. } | Self::Damaged { .. } => None,
        }
    }
}
