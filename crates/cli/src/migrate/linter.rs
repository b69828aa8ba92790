//! The linter, as everything here uses it.

use std::num::NonZeroUsize;
use std::thread;

use handover_migrate_guard::PostgresLinter;

/// On as many threads as there are processors.
pub(crate) fn linter() -> PostgresLinter {
    PostgresLinter::new().with_threads(thread::available_parallelism().map_or(1, NonZeroUsize::get))
}

/// What a record calls it.
pub(crate) fn name() -> String {
    format!("handover-migrate-guard {}", env!("CARGO_PKG_VERSION"))
}
