//! What is said of a limit that cannot be judged by.

use std::fmt;

/// A limit that makes no sense. Nothing was judged by it.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitError {
    field: &'static str,
    wanted: &'static str,
    found: String,
}

pub(crate) fn check(
    holds: bool,
    field: &'static str,
    wanted: &'static str,
    found: &dyn fmt::Display,
) -> Result<(), LimitError> {
    if holds { Ok(()) } else { Err(LimitError { field, wanted, found: found.to_string() }) }
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} must be {}, not {}", self.field, self.wanted, self.found)
    }
}

impl std::error::Error for LimitError {}
