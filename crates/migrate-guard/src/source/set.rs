use std::sync::Arc;

use super::{Layout, Wrapping};
use crate::Span;

/// Migrations in the order they are applied.
#[derive(Clone, Debug)]
pub struct MigrationSet {
    /// The layout they are kept in.
    pub layout: Layout,
    /// How the layout was told, in words: `41 folders with migration.sql`.
    pub reason: String,
    /// Each up migration.
    pub migrations: Vec<Migration>,
    /// Versions of migrations that are there and are not among these: in another language, or not to be read.
    pub unread: Vec<String>,
    /// What was noticed while they were read: files that cannot be read, versions that are there twice.
    pub problems: Vec<Problem>,
}

impl MigrationSet {
    /// These migrations, without problems.
    pub fn new(layout: Layout, migrations: Vec<Migration>) -> Self {
        Self { layout, reason: "given".to_owned(), migrations, unread: Vec::new(), problems: Vec::new() }
    }
}

/// One migration: what is applied, without what would take it back.
#[derive(Clone, Debug)]
pub struct Migration {
    /// Its file, as shown: relative to where the search began, `/` between the parts.
    pub path: String,
    /// Its version, as the runner's history table has it.
    pub version: String,
    /// The file's own text, before template values are filled in.
    pub raw: Arc<str>,
    /// Its text, with template values filled in. Spans count in it.
    pub text: Arc<str>,
    /// The same text with what no parser takes replaced by spaces, byte for byte: the down part, COPY payload, psql's
    /// own commands. A template value that was not given is an identifier of the same length.
    pub sql: Arc<str>,
    /// What the runner puts around it.
    pub wrapping: Wrapping,
    /// How its content was recorded when it was applied, in the runner's own way; compared with the history table.
    pub checksum: Option<String>,
    /// Template values that were not given: where, and their names.
    pub unfilled: Vec<(Span, String)>,
    /// Other things that were left out of `sql` and may have mattered: where, and what.
    pub left_out: Vec<(Span, String)>,
}

impl Migration {
    /// A file of plain SQL in a transaction, whose version is its path.
    pub fn new(path: impl Into<String>, sql: impl Into<Arc<str>>) -> Self {
        let (path, text) = (path.into(), sql.into());
        Self {
            version: path.clone(),
            path,
            raw: Arc::clone(&text),
            sql: Arc::clone(&text),
            text,
            wrapping: Wrapping::Transaction,
            checksum: None,
            unfilled: Vec::new(),
            left_out: Vec::new(),
        }
    }
}

/// Something about the set, not about a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which file; of a migration that is not there: its version.
    pub path: String,
    /// What.
    pub kind: ProblemKind,
}

/// What may be wrong with a set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The file cannot be read; why.
    Unreadable(String),
    /// It is not UTF-8; the first bad byte.
    NotUtf8(usize),
    /// It is UTF-16; by which name converters know that.
    Utf16(&'static str),
    /// It is larger than is read; its bytes.
    TooLarge(u64),
    /// Another file has the same version; which.
    DuplicateVersion(String),
    /// It comes before one that is applied, and is not applied itself; the newest that is.
    OutOfOrder(String),
    /// It was changed after it was applied.
    Edited,
    /// It is recorded as applied and is not there.
    Missing,
    /// It is recorded as begun and did not end.
    Unfinished,
    /// Its name is not one that the layout has, so its runner skips it; what the runner looks for.
    Skipped(String),
    /// The folder of a migration lacks the file that the runner looks for; which.
    NoFile(String),
    /// Migrations in another language than SQL, which are applied and cannot be judged.
    NotSql {
        /// Which: `Ruby`.
        language: &'static str,
        /// How many of them there are.
        files: usize,
    },
    /// It belongs to another layout than the rest; which.
    OtherLayout(Layout),
    /// It is empty.
    Empty,
    /// It does not mark its way up, as its runner wants; with which line.
    Unmarked(&'static str),
}
