//! From paths to migrations.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use handover_migrate_guard::{Folder, MigrationSet, MigrationSource as _, SourceError};

use super::Wishes;
use crate::exit::Exit;
use crate::report::Failure;

/// Migrations of one folder.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// All of them.
    pub(crate) set: MigrationSet,
    /// How they were read.
    pub(crate) source: Folder,
    /// Where they are kept.
    pub(crate) folder: PathBuf,
    /// The same, as it is shown.
    pub(crate) shown: String,
    /// The files that were named, as the set shows them: of all that is pending only these are judged.
    pub(crate) only: Option<BTreeSet<String>>,
}

/// Reads what is wished for; paths are shown as they are below `base`.
///
/// # Errors
///
/// [`Exit::Usage`]: what cannot be read, and what to do.
pub(crate) fn find(wishes: &Wishes, base: &Path) -> Result<Vec<Found>, Failure> {
    let Wishes { paths, project, .. } = wishes;
    let (files, mut folders): (Vec<_>, Vec<_>) = paths.iter().cloned().partition(|path| path.is_file());
    if paths.is_empty() {
        folders.push(project.clone());
    }
    once_each(&mut folders);
    let mut found =
        folders.iter().map(|folder| of_folder(folder, wishes, base)).collect::<Result<Vec<_>, _>>()?;
    for files in by_folder(files)? {
        found.push(of_files(files, wishes, base)?);
    }
    Ok(found)
}

/// Where what [`find`] reads is kept.
///
/// # Errors
///
/// As for [`find`].
pub(crate) fn folders(wishes: &Wishes, base: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = wishes.paths.clone();
    if folders.is_empty() {
        folders.push(wishes.project.clone());
    }
    once_each(&mut folders);
    folders
        .iter()
        .map(|folder| {
            Ok(located(&as_wished(Folder::new(folder), wishes, base))?.unwrap_or_else(|| folder.clone()))
        })
        .collect()
}

/// A folder that is named twice is judged once.
fn once_each(folders: &mut Vec<PathBuf>) {
    let mut seen = BTreeSet::new();
    folders.retain(|folder| seen.insert(folder.canonicalize().unwrap_or_else(|_| folder.clone())));
}

fn of_folder(folder: &Path, wishes: &Wishes, base: &Path) -> Result<Found, Failure> {
    read(as_wished(Folder::new(folder), wishes, base), None, base)
}

/// Files of one folder are judged together.
fn by_folder(files: Vec<PathBuf>) -> Result<Vec<Vec<PathBuf>>, Failure> {
    let mut folders: BTreeMap<Option<PathBuf>, Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        let file = plain(&file);
        let folder = located(&Folder::files([file.clone()]).in_context())?;
        folders.entry(folder).or_default().push(file);
    }
    Ok(folders.into_values().collect())
}

/// Files are judged after all that comes before them in their folder.
fn of_files(files: Vec<PathBuf>, wishes: &Wishes, base: &Path) -> Result<Found, Failure> {
    let names: BTreeSet<String> = files.iter().map(|file| shown(file, base)).collect();
    let found = read(as_wished(Folder::files(files), wishes, base).in_context(), Some(names.clone()), base)?;
    let migrations = found.set.migrations.iter().map(|migration| &migration.path);
    let known: BTreeSet<_> =
        migrations.chain(found.set.problems.iter().map(|problem| &problem.path)).collect();
    match names.iter().find(|name| !known.contains(name)) {
        Some(other) => Err(no_migration(other, &found)),
        None => Ok(found),
    }
}

fn no_migration(name: &str, found: &Found) -> Failure {
    let folder = if found.shown == "." { "it" } else { &found.shown };
    Failure::new("could not read the migrations", Exit::Usage)
        .because(format!("{name} is none: its runner, {}, does not apply it", found.set.layout))
        .hint(format!(
            "`--layout` says which runner it is; `handover migrate lint {folder}` judges all of its folder"
        ))
}

fn read(source: Folder, only: Option<BTreeSet<String>>, base: &Path) -> Result<Found, Failure> {
    let folder = located(&source)?.unwrap_or_else(|| base.to_owned());
    let set = source.read().map_err(|error| unread(&error))?;
    Ok(Found { set, shown: shown_folder(&folder, base), folder, source, only })
}

fn located(source: &Folder) -> Result<Option<PathBuf>, Failure> {
    source.located().map_err(|error| unread(&error))
}

fn as_wished(folder: Folder, wishes: &Wishes, base: &Path) -> Folder {
    let values = wishes.vars.iter().map(|(name, value)| (name.clone(), value.clone()));
    let mut folder = folder.with_values(values).shown_below(base);
    if let Some(layout) = wishes.layout {
        folder = folder.with_layout(layout);
    }
    match wishes.wrapping {
        Some(wrapping) => folder.with_wrapping(wrapping),
        None => folder,
    }
}

/// A path as a set shows it.
pub(super) fn shown(path: &Path, base: &Path) -> String {
    let plain = plain(path);
    let below = plain.strip_prefix(base).unwrap_or(&plain);
    below.to_string_lossy().into_owned()
}

/// Without `.` between its parts.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

/// The folder itself has a name too.
fn shown_folder(folder: &Path, base: &Path) -> String {
    let shown = shown(folder, base);
    if shown.is_empty() { ".".into() } else { shown }
}

fn unread(error: &SourceError) -> Failure {
    Failure::of("could not read the migrations", Exit::Usage, error)
}
