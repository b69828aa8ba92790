//! The catalog as a file: what is there before the first migration, exported from a live database.
//!
//! [`EXPORT_SQL`] makes it: one query that only reads, and gives one JSON value. Names in it stand as PostgreSQL quotes
//! them (`public."User"`), types as its catalog spells them (`varchar(20)`, `public.mood[]`). What is as it mostly is
//! is left out. The bounds of partitions are not in it, and the bodies of functions only where they were exported.

mod error;
mod read;
mod text;
mod wire;
mod write;

pub use error::CatalogError;

use super::Catalog;

/// The query that exports a catalog, for PostgreSQL 12 to 18. It gives one row with one column, a JSON value.
///
/// Run it with `jit` off: it is long and quickly done, and a server that compiles it first takes ten seconds.
pub const EXPORT_SQL: &str = include_str!("export.sql");

/// The format and its version.
const FORMAT: &str = "handover.catalog/1";

impl Catalog {
    /// Reads an exported catalog. Its relations were there before the first migration.
    ///
    /// # Errors
    ///
    /// [`CatalogError`] where it is not a whole file of a format that is known, or says what cannot be.
    pub fn from_json(json: &str) -> Result<Self, CatalogError> {
        read::read(&wire::parse(json)?)
    }

    /// Writes the catalog as a file: its relations in the order they were made, the rest by name.
    ///
    /// Relations of which not everything is known are written as far as they are; temporary ones are left out.
    ///
    /// # Panics
    ///
    /// Never: a catalog holds nothing that JSON cannot.
    pub fn to_json(&self) -> String {
        wire::print(&write::write(self))
    }
}
