use std::borrow::Cow;
use std::time::Duration;

use handover_core::Hint;

/// A description that makes no sense; nothing was started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHealth {
    /// A name that not every answer could carry.
    #[error("{0:?} is no name for a check")]
    Name(String),
    /// A name that the answers give to something else.
    #[error("{0:?} is what the answers call something else")]
    Reserved(String),
    /// Two checks of one name.
    #[error("there are two checks called {0:?}")]
    Twice(String),
    /// A time that is too short or too long to mean anything.
    #[error("check {check:?}: a {what} of {time:?} makes no sense")]
    Time {
        /// Of which check.
        check: String,
        /// Which time.
        what: &'static str,
        /// How long it is.
        time: Duration,
    },
    /// A check could still be under way when the next one is due.
    #[error("check {check:?}: its timeout is longer than its period")]
    Overlap {
        /// Of which check.
        check: String,
    },
    /// A share outside of 0 to 1.
    #[error("check {check:?}: the jitter is no share from 0 to 1")]
    Jitter {
        /// Of which check.
        check: String,
    },
    /// A healthy check would be too old to be believed before its next answer.
    #[error("check {check:?}: its answers would be too old before the next one comes")]
    MaxAge {
        /// Of which check.
        check: String,
        /// The least that works.
        least: Duration,
    },
    /// The token that opens the details could be guessed.
    #[error("the token for the details has {length} characters")]
    Token {
        /// How many it has.
        length: usize,
    },
}

impl Hint for InvalidHealth {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Name(_) => Some(
                "use letters, digits, `_`, `-` and `.`, beginning with a letter or digit, 64 at most".into(),
            ),
            Self::Reserved(_) => Some("name the check after what it asks, not after what it is for".into()),
            Self::Twice(_) => Some("names are keys in the answers: give each check one of its own".into()),
            Self::Time { .. } => Some("from 1 ms to 24 h".into()),
            Self::Overlap { .. } => Some("give it a shorter timeout, or ask less often".into()),
            Self::Jitter { .. } => Some("0.2 makes the first period longer by up to a fifth".into()),
            Self::MaxAge { least, .. } => Some(format!("`max_age` has to be {least:?} at least").into()),
            Self::Token { .. } => Some("32 characters at least: `openssl rand -hex 32`".into()),
        }
    }
}
