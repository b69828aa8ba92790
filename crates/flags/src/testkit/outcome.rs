use std::fmt;

/// How one point of the contract came out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// The promise was put to the test and kept.
    Held,
    /// The promise was not put to the test, or not wholly: the store does not claim this, or the subject gives no
    /// sight of it. What could be seen was in order.
    NotClaimed(&'static str),
    /// The promise was broken, and how.
    Broken(String),
}

impl Outcome {
    /// Whether the promise was broken.
    pub const fn is_broken(&self) -> bool {
        matches!(self, Self::Broken(_))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held => f.write_str("held"),
            Self::NotClaimed(what) => write!(f, "not claimed: {what}"),
            Self::Broken(how) => write!(f, "BROKEN: {how}"),
        }
    }
}
