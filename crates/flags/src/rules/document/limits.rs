//! How much of each thing a document may hold, so that none makes a read slow or a process large.

use serde::de::DeserializeOwned;

use super::object::Object;
use super::{Fault, RulesError};

/// Bytes of a document: some 20,000 user ids.
pub(super) const DOCUMENT: usize = 256 * 1024;
pub(super) const RULES: usize = 100;
pub(super) const CONSTRAINTS: usize = 50;
pub(super) const SEGMENTS: usize = 20;
pub(super) const REQUIREMENTS: usize = 20;
pub(super) const VARIANTS: usize = 100;
pub(super) const WEIGHT: u32 = 1_000_000;
/// Values that a text is searched for, one after another: of a constraint, and of all `contains` of a document.
pub(super) const FRAGMENTS: usize = 1_000;
/// Regular expressions of a document, since each may take some [`REGEX_BYTES`].
pub(super) const REGEXES: usize = 50;
/// Bytes of a name.
pub(super) const NAME: usize = 512;

/// Bytes of a value that `contains` and `regex` look into; a rule does not admit the caller of a longer one.
pub(in crate::rules) const LONGEST_LOOKED_INTO: usize = 4_096;
/// Bytes of a regular expression as it is written.
pub(in crate::rules) const REGEX_LENGTH: usize = 1_024;
/// Bytes of a regular expression as it is compiled.
pub(in crate::rules) const REGEX_BYTES: usize = 256 * 1024;
/// How deep its groups may be nested.
pub(in crate::rules) const REGEX_NESTING: u32 = 50;

/// Reads a document that is not too large.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, RulesError> {
    if text.len() > DOCUMENT {
        return Err(RulesError::TooLarge { bytes: text.len(), limit: DOCUMENT });
    }
    let read = serde_json::from_str::<Object<T>>(text);
    read.map(|object| object.0).map_err(|error| RulesError::Shape(super::shown_error(&error)))
}

pub(super) fn few(what: &'static str, found: usize, limit: usize) -> Result<(), Fault> {
    if found > limit { Err(Fault::TooMany { what, found, limit }) } else { Ok(()) }
}

/// A name is neither empty nor long.
pub(super) fn name(what: &'static str, text: &str) -> Result<(), Fault> {
    match text.len() {
        0 => Err(Fault::Empty(what)),
        bytes if bytes > NAME => Err(Fault::TooLong { what, bytes, limit: NAME }),
        _ => Ok(()),
    }
}
