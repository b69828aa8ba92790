mod chosen;
mod judge;
mod lower;
mod transactions;
mod unread;

use crate::linter::{MigrationLinter, Report};
use crate::rules::problem_findings;
use crate::{LintContext, MigrationSet};

/// The linter that knows PostgreSQL.
///
/// It lowers file after file, on several threads where it may, and replays them in order on one catalog; the rules look
/// at each statement as it goes by. Neither the threads nor anything outside of set and context has a say in the report.
#[derive(Clone, Copy, Debug)]
pub struct PostgresLinter {
    threads: usize,
}

impl PostgresLinter {
    /// A linter on one thread.
    pub const fn new() -> Self {
        Self { threads: 1 }
    }

    /// The same, parsing on up to so many threads.
    #[must_use]
    pub const fn with_threads(self, threads: usize) -> Self {
        Self { threads }
    }
}

impl Default for PostgresLinter {
    fn default() -> Self {
        Self::new()
    }
}

impl MigrationLinter for PostgresLinter {
    fn lint(&self, set: &MigrationSet, context: &LintContext) -> Report {
        let files = judge::all(set, lower::each(&set.migrations, self.threads), context);
        Report { layout: Some(set.layout), files, problems: problem_findings(set, context) }
    }
}
