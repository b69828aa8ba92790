use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::contents::{Held, Revision};
use crate::{FlagName, Key};

/// Who changes a flag, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Who: a person, or a program.
    pub actor: String,
    /// Why, in words that somebody else will read at night.
    pub reason: Option<String>,
    /// The run of a deployment that does it.
    pub run: Option<String>,
    /// After how long the store forgets the value again.
    pub expires: Option<Duration>,
    /// Change nothing unless this is what stands there now; `Some(None)` is nothing at all.
    pub only_if: Option<Option<Held>>,
}

impl Change {
    /// A change without a reason, unconditional and for good.
    pub fn by(actor: impl Into<String>) -> Self {
        Self { actor: actor.into(), reason: None, run: None, expires: None, only_if: None }
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Belongs to a run.
    #[must_use]
    pub fn in_run(mut self, run: impl Into<String>) -> Self {
        self.run = Some(run.into());
        self
    }

    /// Is forgotten by the store after this long: a timed switch. At least a millisecond.
    #[must_use]
    pub fn expires_after(mut self, after: Duration) -> Self {
        self.expires = Some(after);
        self
    }

    /// Changes nothing unless this stands there.
    #[must_use]
    pub fn only_if(mut self, held: Option<Held>) -> Self {
        self.only_if = Some(held);
        self
    }
}

/// What a store says of a change that it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The change's number, where the store counts.
    pub revision: Option<Revision>,
    /// What stood there before.
    pub before: Option<Held>,
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When, in milliseconds since 1970, by the store's clock.
    pub at_ms: u64,
    /// What was changed.
    pub key: Key,
    /// What stood there before; absent where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Held>,
    /// What stands there since; absent where nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Held>,
    /// Who; [`AuditEntry::OUTSIDE`] where it was noticed only.
    pub actor: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The run of a deployment that did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The change's number, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
}

impl AuditEntry {
    /// The actor of a change that was made past handover, and noticed.
    pub const OUTSIDE: &'static str = "(outside)";
}

/// What one process has taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Which process.
    pub instance: Arc<str>,
    /// Every change up to this one.
    pub revision: Revision,
}

/// What one process uses flags for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// The flags that its code declares.
    pub declared: Vec<FlagName>,
    /// The flags that were read since it last said so.
    pub evaluated: Vec<FlagName>,
}

/// When any process last used a flag, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUse {
    /// When a process that declares it last said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_ms: Option<u64>,
    /// When a process last said that it had been read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluated_ms: Option<u64>,
}
