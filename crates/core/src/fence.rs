use std::fmt;

use serde::{Deserialize, Serialize};

/// A number that only grows: whoever acts with a lower one than was seen before is too late.
///
/// Each acquisition of a service's lease yields a higher fence, and each effect carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fence(u64);

impl Fence {
    /// Below every fence that was ever handed out.
    pub const ZERO: Self = Self(0);

    /// A fence of this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The plain number, for storage and display.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The next higher fence; the highest stays where it is.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Names one intended effect, so that a backend can tell a repetition from a second wish.
///
/// The runbook derives it from run, step and purpose: a resumed run repeats the same id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OpId(String);

impl OpId {
    /// An operation of this name; any text is accepted.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
