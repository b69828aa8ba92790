//! Migrations that go with a run: judged before anything is launched, and held to what was judged.
//!
//! - **Nothing is let through in silence.** A finding of the level `error` refuses the plan, unless somebody accepts it with
//!   a reason. Who did, when and why is part of the sealed plan, and so of the run's record for ever after.
//! - **What was judged is what goes out.** The plan keeps a fingerprint of the files. The first step of the run takes
//!   another, and a run whose files have changed meanwhile goes back before it has done anything: whatever is in them now
//!   was accepted by nobody.
//!
//! Nothing here reads a file or asks a database: whoever plans hands over what is pending, and a [`MigrationFiles`] for the
//! run.

mod accept;
mod check;
mod spec;

pub use accept::Accept;
pub use check::{PendingMigrations, check_migrations};
pub use spec::{Acceptance, FindingLine, MigrationCheck};

use crate::WorldError;

/// The files that a plan's migrations are kept in.
pub trait MigrationFiles: std::fmt::Debug + Send + Sync {
    /// What they hold now, in a form that two different contents do not share.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    fn fingerprint(&self) -> Result<String, WorldError>;
}

/// Keeps the trait usable as `dyn`.
fn _is_dyn(_: &dyn MigrationFiles) {}
