use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::claim::{Change, Claim, Class, Evidence};
use crate::source::{Layout, Wrapping};
use crate::{QualifiedName, Span};

/// What a linter says of a set.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The layout, if one was told.
    pub layout: Option<Layout>,
    /// Each migration that was judged, in the set's order.
    pub files: Vec<FileReport>,
    /// Findings about the set: files that are there twice, edited or unreadable ones. Their span is empty.
    pub problems: Vec<(String, Finding)>,
}

/// What is said of one migration.
#[derive(Clone, Debug, Default)]
pub struct FileReport {
    /// Its file, as the set names it.
    pub path: String,
    /// Its text, as spans count in it.
    pub text: Arc<str>,
    /// Whether template values were filled in: offsets are then not the file's own.
    pub filled_in: bool,
    /// What its runner puts around it.
    pub wrapping: Wrapping,
    /// Its statements, in order.
    pub statements: Vec<StatementReport>,
    /// What is to be said of them, by place.
    pub findings: Vec<Finding>,
    /// Findings that a suppression with a reason took away.
    pub suppressed: Vec<Finding>,
}

/// What is said of one statement.
#[derive(Clone, Debug)]
pub struct StatementReport {
    /// Its bytes.
    pub span: Span,
    /// The line it begins on, from 1.
    pub line: usize,
    /// How long others may wait for it.
    pub class: Class,
    /// Whether it runs in a transaction.
    pub in_transaction: bool,
    /// What it does to relations; several per relation where it does several things.
    pub claims: Vec<Claim>,
    /// What it changes for code.
    pub changes: Vec<Change>,
}

/// Something a person should look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Which rule: `L01`.
    pub rule: &'static str,
    /// The rule's name: `index-not-concurrent`.
    pub name: &'static str,
    /// How bad.
    pub level: Level,
    /// Where.
    pub span: Span,
    /// About which relation, if about one.
    pub relation: Option<QualifiedName>,
    /// More places in the same file to which the same is to be said.
    pub also: Vec<Span>,
    /// What happens, in one sentence, with the names in it.
    pub message: String,
    /// Who is hurt, and how, in one sentence.
    pub effect: String,
    /// What to do instead, in words.
    pub workaround: String,
    /// The SQL to write instead, where it can be made.
    pub rewrite: Option<String>,
    /// An edit that is safe to make.
    pub fix: Option<Fix>,
    /// How it is known.
    pub evidence: Evidence,
}

/// An edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in words.
    pub title: String,
    /// The bytes replaced, and by what; in order, none touching another.
    pub edits: Vec<(Span, String)>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Not said.
    Off,
    /// A matter of style.
    Note,
    /// A moment's wait, or a risk that the runner may already bound.
    Warning,
    /// Long waits, broken code, a migration that fails.
    #[default]
    Error,
}
