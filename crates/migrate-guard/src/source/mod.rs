//! Where migrations come from: folders in the layout of a runner, with what that runner does with them.

mod assemble;
mod detect;
mod folder;
#[cfg(feature = "history")]
mod history;
mod layout;
mod layouts;
mod listing;
mod memory;
mod names;
mod set;
mod standing;

pub use folder::Folder;
#[cfg(feature = "history")]
pub use history::{Applied, HistoryQuery};
pub use layout::{Layout, UnknownLayout, Wrapping};
pub use memory::InMemory;
pub use set::{Migration, MigrationSet, Problem, ProblemKind};
pub use standing::Standing;

#[cfg(test)]
mod tests;

/// Something that holds migrations.
///
/// [`Folder`] is the one for files on disk, [`InMemory`] one for tests; anything that can list its migrations in the order
/// they are applied is one.
pub trait MigrationSource: std::fmt::Debug + Send + Sync {
    /// All migrations, in the order their runner applies them, with what was noticed on the way.
    ///
    /// # Errors
    ///
    /// [`SourceError`](crate::SourceError) where nothing can be said about the whole: a missing folder, a layout that
    /// cannot be told. A single unreadable file is a [`Problem`] of the set instead.
    fn read(&self) -> Result<MigrationSet, crate::SourceError>;
}

/// Keeps the trait usable as `dyn`.
fn _is_dyn(_: &dyn MigrationSource) {}
