//! Says what a migration will do to a PostgreSQL that is in use: which locks it takes and for how long, which work grows
//! with the table, and which release breaks.
//!
//! A [`MigrationSource`] reads the files of a runner into a [`MigrationSet`]; a [`MigrationLinter`], [`PostgresLinter`] for
//! one, makes a [`Report`] of it. Every verdict is a [`Claim`](claim::Claim) about a relation, which running the migration
//! can prove false.
//!
//! | feature | adds |
//! |---|---|
//! | `history` | comparing files with what their runner recorded when it applied them |
//! | `testkit` | the checks of what a linter promises |
//!
//! Not for: other databases; a judgement of how large a table is, or whether a dropped column is still read.

pub mod catalog;
pub mod claim;
mod context;
pub mod ddl;
mod error;
mod frontend;
mod lines;
mod linter;
mod name;
pub mod replay;
pub mod report;
pub mod rules;
mod source;
mod span;
#[cfg(feature = "testkit")]
pub mod testkit;
mod text;
mod version;

pub use claim::{Age, Class, Evidence, Lock};
pub use context::{Baseline, LintContext, TimeZone};
pub use ddl::Opaque;
pub use error::SourceError;
pub use frontend::{not_understood, statements};
pub use linter::{
    FileReport, Finding, Fix, Level, MigrationLinter, NoopLinter, PostgresLinter, Report, StatementReport,
};
pub use name::{ObjectName, QualifiedName};
#[cfg(feature = "history")]
pub use source::{Applied, HistoryQuery};
pub use source::{
    Folder, InMemory, Layout, Migration, MigrationSet, MigrationSource, Problem, ProblemKind, Standing,
    UnknownLayout, Wrapping,
};
pub use span::Span;
pub use version::{PgVersion, UnknownVersion};
