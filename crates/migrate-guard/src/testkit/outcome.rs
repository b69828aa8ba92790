use std::fmt;

/// How one point of the contract came out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// The promise was put to the test and kept.
    Held,
    /// The promise was broken, and how.
    Broken(String),
}

impl Outcome {
    /// Whether the promise was broken.
    pub const fn is_broken(&self) -> bool {
        matches!(self, Self::Broken(_))
    }

    /// Held if `kept`, else broken as `how` says.
    pub(super) fn of(kept: bool, how: impl FnOnce() -> String) -> Self {
        if kept { Self::Held } else { Self::Broken(how()) }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held => f.write_str("held"),
            Self::Broken(how) => write!(f, "BROKEN: {how}"),
        }
    }
}
