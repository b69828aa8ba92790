use std::borrow::Cow;

use handover_core::Hint;

/// Why a catalog file was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// It is not of a format that is known; what it says it is.
    #[error("a catalog file of format {0:?} is not one that is known")]
    Format(String),
    /// It ends too early.
    #[error("the catalog file ends in the middle, at line {line}, column {column}")]
    Truncated {
        /// The last line.
        line: usize,
        /// Where it ends.
        column: usize,
    },
    /// It is not what the format says: not JSON, a key that is not known, a value of the wrong kind.
    #[error("the catalog file is not right: {0}")]
    Malformed(String),
    /// It names a relation that is not in it.
    #[error("{who} names {what}, which is not in the catalog file")]
    Missing {
        /// Which entry names it.
        who: String,
        /// What it names.
        what: String,
    },
    /// It has something twice.
    #[error("{0} is in the catalog file twice")]
    Twice(String),
    /// A name or a type is not spelled as PostgreSQL would spell it.
    #[error("{0:?} is not a name or a type as PostgreSQL quotes it")]
    Name(String),
}

impl Hint for CatalogError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Format(_) => "export it again with this version of `handover`".into(),
            Self::Truncated { .. } => "export it again, and let the query run to its end".into(),
            _ => "export it again rather than edit it".into(),
        })
    }
}
