//! The linter: its trait, its report, and the one that knows PostgreSQL.

pub(crate) mod allow;
mod fold;
mod noop;
mod postgres;
mod report;

use crate::{LintContext, MigrationSet};
pub use noop::NoopLinter;
pub use postgres::PostgresLinter;
pub use report::{FileReport, Finding, Fix, Level, Report, StatementReport};

/// Says what is dangerous in a set of migrations.
///
/// # Contract
///
/// 1. **Deterministic.** The same set and context give the same report, in whatever process and on however many threads.
/// 2. **Every file is answered for.** The report has one entry for each migration that is judged, in the set's order.
/// 3. **Nothing is hidden.** What could not be understood is a finding.
/// 4. **Spans are real.** Each lies within its file's text, on character boundaries.
/// 5. **Never fails.** Any text has a report.
/// 6. **Settings are kept.** A rule that is off says nothing, and nothing is said below the least level.
/// 7. **The class follows from the claims**, as [`Class::of`](crate::Class::of) says.
pub trait MigrationLinter: std::fmt::Debug + Send + Sync {
    /// Judges the set.
    fn lint(&self, set: &MigrationSet, context: &LintContext) -> Report;
}

/// Keeps the trait usable as `dyn`.
fn _is_dyn(_: &dyn MigrationLinter) {}
