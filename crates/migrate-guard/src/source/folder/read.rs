use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::ProblemKind;
use super::super::listing::{Found, Listing};
use crate::SourceError;

/// What is there at a path.
pub(super) fn kind(path: &Path) -> Result<Metadata, SourceError> {
    fs::metadata(path).map_err(|source| match source.kind() {
        ErrorKind::NotFound => SourceError::Missing { path: path.to_owned() },
        _ => SourceError::Unreadable { path: path.to_owned(), source },
    })
}

/// The text of a file, or why there is none. Nothing but a regular file is opened: a pipe would never end.
pub(super) fn text(path: &Path, largest: u64) -> Result<Arc<str>, ProblemKind> {
    let unreadable = |error: std::io::Error| ProblemKind::Unreadable(plainly(&error));
    let found = fs::metadata(path).map_err(unreadable)?;
    if !found.is_file() {
        return Err(ProblemKind::Unreadable("it is not a file".to_owned()));
    }
    if found.len() > largest {
        return Err(ProblemKind::TooLarge(found.len()));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    if let Some(name) = utf16(&bytes) {
        return Err(ProblemKind::Utf16(name));
    }
    String::from_utf8(bytes)
        .map(Arc::from)
        .map_err(|error| ProblemKind::NotUtf8(error.utf8_error().valid_up_to()))
}

/// How many bytes tell.
const TELLING: usize = 64;

/// The name of UTF-16 by its mark, or by the zeros in what it makes of plain letters.
fn utf16(bytes: &[u8]) -> Option<&'static str> {
    let first = bytes.get(..bytes.len().min(TELLING) & !1).filter(|first| !first.is_empty())?;
    let zeros = |place: usize| first.iter().skip(place).step_by(2).all(|byte| *byte == 0);
    match first {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        _ if zeros(1) && !zeros(0) => Some("UTF-16LE"),
        _ if zeros(0) && !zeros(1) => Some("UTF-16BE"),
        _ => None,
    }
}

/// An error in words that are the same on every system, where it has some.
pub(super) fn plainly(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it is a link to what is not there".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// A file that is named by itself, and the files beside it that decide over it.
pub(super) fn file_with_what_decides_over_it(
    path: &Path,
    largest: u64,
    shown: &str,
    listing: &mut Listing,
) -> Result<(), SourceError> {
    if !kind(path)?.is_file() {
        return Err(SourceError::Nothing { path: path.to_owned(), looked: Vec::new() });
    }
    let mut add = |path: &Path, shown: &str| {
        listing.files.push(Found {
            path: below(path),
            shown: shown.to_owned(),
            content: text(path, largest),
        });
    };
    add(path, shown);
    let beside =
        [path.with_file_name("metadata.toml"), path.with_extension("sql.conf"), path.with_extension("rb")];
    for other in beside.iter().filter(|other| other.is_file()) {
        add(other, "");
    }
    Ok(())
}

/// The folder of migrations that a file stands in: its own, or the one above where its own is the migration.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let deep = matches!(&*name, "migration.sql" | "up.sql");
    let folder = path.ancestors().nth(if deep { 2 } else { 1 }).unwrap_or(Path::new(""));
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}

/// The path that a layout sees of a file that is named by itself: with its folder where that is the migration.
fn below(path: &Path) -> String {
    let part = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = part(path);
    match path.parent() {
        Some(folder) if matches!(&*name, "migration.sql" | "up.sql" | "down.sql" | "metadata.toml") => {
            format!("{}/{name}", part(folder))
        }
        _ => name,
    }
}
