use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::super::names::{digits, ends, without_sql};
use crate::SourceError;

/// Where runners keep migrations below a project, by their own defaults.
const KNOWN: [&str; 11] = [
    "prisma/migrations",
    "migrations",
    "db/migrations",
    "db/migrate",
    "database/migrations",
    "sql/migrations",
    "internal/db/migrations",
    "src/main/resources/db/migration",
    "supabase/migrations",
    "drizzle",
    "flyway/sql",
];

/// The folder in which the migrations are: the one named, or one that is known below it.
pub(super) fn locate(folder: &Path) -> Result<PathBuf, SourceError> {
    if holds_migrations(folder) {
        return Ok(folder.to_owned());
    }
    let known: Vec<&str> = KNOWN.into_iter().filter(|name| has_sql(&folder.join(name))).collect();
    match known.as_slice() {
        [] if has_sql(folder) => Ok(folder.to_owned()),
        [] => Err(unreadable(folder).unwrap_or_else(|| nothing(folder))),
        [one] => Ok(folder.join(one)),
        several => Err(SourceError::Several {
            path: folder.to_owned(),
            folders: several.iter().map(|name| super::display(&folder.join(name))).collect(),
        }),
    }
}

/// Why the folder, or one that is known below it, cannot be looked into.
fn unreadable(folder: &Path) -> Option<SourceError> {
    let below = KNOWN.into_iter().map(|name| folder.join(name));
    std::iter::once(folder.to_owned()).chain(below).find_map(|path| {
        let source = fs::read_dir(&path).err()?;
        let is_none = matches!(source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
        (!is_none).then_some(SourceError::Unreadable { path, source })
    })
}

fn nothing(folder: &Path) -> SourceError {
    SourceError::Nothing { path: folder.to_owned(), looked: KNOWN.map(str::to_owned).to_vec() }
}

/// Whether the folder itself looks as a runner's does: numbered files, or folders that each hold a migration.
fn holds_migrations(folder: &Path) -> bool {
    names(folder).any(|name| {
        let file = || without_sql(&name).is_some_and(is_numbered) || ends(&name, ".fizz") || is_ruby(&name);
        file() || ["migration.sql", "up.sql"].iter().any(|file| folder.join(&name).join(file).is_file())
    })
}

fn is_numbered(stem: &str) -> bool {
    let flyway = stem.starts_with("R__") || (stem.starts_with('V') && stem.contains("__"));
    flyway || !digits(stem).0.is_empty()
}

fn is_ruby(name: &str) -> bool {
    ends(name, ".rb") && !digits(name).0.is_empty()
}

/// Whether there is any SQL in the folder, or in a folder of its.
fn has_sql(folder: &Path) -> bool {
    let is_migration = |name: &str| without_sql(name).is_some() || ends(name, ".fizz") || is_ruby(name);
    names(folder)
        .any(|name| is_migration(&name) || names(&folder.join(&name)).any(|name| is_migration(&name)))
}

fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
}
