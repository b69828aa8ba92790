//! What was there before the first migration, as a file.

use std::fs;
use std::path::Path;

use handover_migrate_guard::catalog::{Catalog, EXPORT_SQL};
use sqlx::Row as _;

use super::database::Session;
use crate::exit::Exit;
use crate::report::Failure;

/// Reads it.
///
/// # Errors
///
/// [`Exit::Usage`]: it cannot be read, or is no catalog.
pub(crate) fn read(file: &Path) -> Result<Catalog, Failure> {
    let attempted = || format!("could not read the catalog {}", file.display());
    let text = fs::read_to_string(file).map_err(|error| {
        Failure::new(attempted(), Exit::Usage)
            .because_of(&error)
            .hint("`handover migrate catalog --from env:DATABASE_URL --output FILE` writes one")
    })?;
    Catalog::from_json(&text).map_err(|error| Failure::of(attempted(), Exit::Usage, &error))
}

/// Asks a database for its own.
///
/// # Errors
///
/// [`Exit::Usage`]: it does not answer, or not as a PostgreSQL does.
pub(crate) async fn export(session: &mut Session) -> Result<Catalog, Failure> {
    let rows = session.rows(EXPORT_SQL).await?;
    // It is of the type `json`, and is taken as the text that it is.
    let text = rows.first().and_then(|row| row.try_get_unchecked::<String, _>(0).ok());
    let text = text.ok_or_else(|| session.failed().because("its catalog came without a value"))?;
    let attempted = format!("could not understand the catalog of {}", session.named());
    Catalog::from_json(&text).map_err(|error| Failure::of(attempted, Exit::Usage, &error))
}
