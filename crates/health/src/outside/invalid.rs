use std::borrow::Cow;

use handover_core::Hint;

/// Views that cannot decide anything; nothing was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidQuorum {
    /// There is no view.
    #[error("there is no view to ask from")]
    Empty,
    /// A view without a name.
    #[error("view {number} has no name")]
    Nameless {
        /// 1 for the first.
        number: usize,
    },
    /// Two views of one name.
    #[error("there are two views called {0:?}")]
    Twice(String),
    /// So many views cannot be needed.
    #[error("{need} of {of} views cannot be needed")]
    Need {
        /// How many were to be needed.
        need: usize,
        /// How many there are.
        of: usize,
    },
}

impl Hint for InvalidQuorum {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Empty => Some("name one address at least".into()),
            Self::Nameless { .. } | Self::Twice(_) => {
                Some("a report tells views apart by name: give each one of its own".into())
            }
            Self::Need { of, .. } => Some(format!("from 1 to {of}; a majority is {}", of / 2 + 1).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_what_is_wrong_and_what_to_do() {
        let all = [
            InvalidQuorum::Empty,
            InvalidQuorum::Nameless { number: 2 },
            InvalidQuorum::Twice("home".into()),
            InvalidQuorum::Need { need: 4, of: 3 },
        ];
        let line = |error: InvalidQuorum| format!("{error} | {}", error.hint().unwrap_or_default());
        insta::assert_snapshot!(all.map(line).join("\n"), @r#"
        there is no view to ask from | name one address at least
        view 2 has no name | a report tells views apart by name: give each one of its own
        there are two views called "home" | a report tells views apart by name: give each one of its own
        4 of 3 views cannot be needed | from 1 to 3; a majority is 2
        "#);
    }
}
