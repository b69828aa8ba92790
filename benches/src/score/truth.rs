//! What statements really did, as the corpora write it down.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Failed;

/// A file of migrations, and what each of its statements did.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct File {
    /// Relative to the folder of the corpora.
    #[serde(rename = "file")]
    pub(crate) path: String,
    /// The layout.
    pub(crate) kind: String,
    pub(crate) stmts: Vec<Stmt>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stmt {
    /// Its first line, from 1.
    pub(crate) l0: usize,
    /// Its last line.
    pub(crate) l1: usize,
    /// Its first byte.
    pub(crate) o0: usize,
    /// The byte after its last; the semicolon is left out.
    pub(crate) o1: usize,
    /// The kind of its parse tree, or its first words.
    #[serde(default)]
    pub(crate) node: String,
    /// What it touched of what was there before the file.
    #[serde(default)]
    pub(crate) tabs: BTreeMap<String, Tab>,
    /// Nothing where it did not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) truth: Option<Class>,
    /// What it changed for code: the kind, and of what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) contract: Vec<(String, String)>,
    /// Whether it ran outside of a transaction.
    #[serde(default, skip_serializing_if = "is_false", deserialize_with = "flag")]
    pub(crate) notx: bool,
    /// Why it did not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// What was done to a relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tab {
    /// Not seen for what ran outside of a transaction.
    pub(crate) lock: Option<String>,
    pub(crate) work: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
}

/// How long others may have to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Class {
    None,
    Brief,
    Long,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A flag is written as a number too.
fn flag<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(value.as_bool().unwrap_or_else(|| value.as_u64().is_some_and(|number| number > 0)))
}

/// Whether a lock has writers wait.
pub(crate) fn blocks(lock: &str) -> bool {
    matches!(lock, "ShareLock" | "ShareRowExclusiveLock" | "ExclusiveLock" | "AccessExclusiveLock")
}

pub(crate) fn read(path: &Path) -> Result<Vec<File>, Failed> {
    let text = std::fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))?;
    serde_json::from_str(&text).map_err(|why| format!("{}: {why}", path.display()).into())
}
