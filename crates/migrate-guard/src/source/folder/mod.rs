//! Migrations on disk.

mod around;
mod locate;
mod read;
mod walk;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::assemble::{Options, assemble};
use super::detect::detect;
use super::layouts;
use super::listing::Listing;
use super::{Layout, MigrationSet, MigrationSource, Standing, Wrapping};
use crate::SourceError;

/// Migrations in a folder, or the files that are named.
///
/// The folder may be that of a project: migrations are then looked for where runners keep them, in `prisma/migrations`,
/// `migrations`, `db/migrate` and so on. The layout is told by the files, and by `Cargo.toml` or `go.mod` above them where the
/// files could be of either of two runners; [`MigrationSet::reason`] says by what.
#[derive(Clone, Debug)]
pub struct Folder {
    paths: Vec<PathBuf>,
    options: Options,
    base: Option<PathBuf>,
    largest: u64,
    in_context: bool,
}

/// 64 MiB: larger files are dumps of data, and the tree of one would not fit beside much else.
const LARGEST: u64 = 64 << 20;

impl Folder {
    /// The migrations in a folder, or in one file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::files([path.into()])
    }

    /// These files and no others.
    pub fn files(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let paths = paths.into_iter().collect();
        Self { paths, options: Options::default(), base: None, largest: LARGEST, in_context: false }
    }

    /// The same, kept as `layout` says; without, the layout is told by the files.
    #[must_use]
    pub const fn with_layout(mut self, layout: Layout) -> Self {
        self.options.layout = Some(layout);
        self
    }

    /// The same, with template values by name.
    #[must_use]
    pub fn with_values(mut self, values: impl IntoIterator<Item = (String, String)>) -> Self {
        self.options.values.extend(values);
        self
    }

    /// The same, with this around every file, whatever its runner does.
    #[must_use]
    pub const fn with_wrapping(mut self, wrapping: Wrapping) -> Self {
        self.options.wrapping = Some(wrapping);
        self
    }

    /// The same, with paths shown as they are below `base`, where they are.
    #[must_use]
    pub fn shown_below(mut self, base: impl Into<PathBuf>) -> Self {
        self.base = Some(base.into());
        self
    }

    /// The same, leaving out files of more bytes than this.
    #[must_use]
    pub const fn up_to_bytes(mut self, largest: u64) -> Self {
        self.largest = largest;
        self
    }

    /// The same; where files are named, all of their folder is read, so that what stands before them is known.
    /// [`Folder::chosen`] says which they are.
    #[must_use]
    pub const fn in_context(mut self) -> Self {
        self.in_context = true;
        self
    }

    /// Of a set that was read in context: the migrations that were named last, those that only come after them left out, and
    /// the place from which on they are. All of the set from its beginning, where a folder was named.
    pub fn chosen(&self, mut set: MigrationSet) -> (MigrationSet, usize) {
        let named: BTreeSet<String> = self.paths.iter().map(|path| self.shown(path)).collect();
        let is_named = |path: &String| named.contains(path);
        let Some(last) = set.migrations.iter().rposition(|migration| is_named(&migration.path)) else {
            return (set, 0);
        };
        set.migrations.truncate(last + 1);
        set.problems.retain(|problem| is_named(&problem.path));
        let numbered = set.migrations.iter().enumerate();
        let chosen = numbered.filter(|(_, migration)| is_named(&migration.path)).map(|(place, _)| place);
        let standing = Standing { pending: chosen.collect(), ..Standing::default() };
        set.pending_last(&standing)
    }

    /// The folder in which the migrations are: the one that was named, one below it, or that of the files that were.
    ///
    /// # Errors
    ///
    /// [`SourceError`] where there is none, or more than one.
    pub fn located(&self) -> Result<Option<PathBuf>, SourceError> {
        match self.paths.as_slice() {
            [path] if read::kind(path)?.is_dir() => locate::locate(path).map(Some),
            [first, others @ ..] if self.in_context => {
                read::kind(first)?;
                let folder = read::folder_of(first);
                Ok(others.iter().all(|other| read::folder_of(other) == folder).then_some(folder))
            }
            _ => Ok(None),
        }
    }

    fn shown(&self, path: &Path) -> String {
        let below = self.base.as_deref().and_then(|base| path.strip_prefix(base).ok());
        display(below.unwrap_or(path))
    }

    fn listing(&self) -> Result<(Listing, PathBuf), SourceError> {
        if let Some(folder) = self.located()? {
            let listing = walk::walk(&folder, self.largest, &|path: &Path| self.shown(path))?;
            return Ok((listing.sorted(), folder));
        }
        let mut listing = Listing::default();
        for path in &self.paths {
            read::file_with_what_decides_over_it(path, self.largest, &self.shown(path), &mut listing)?;
        }
        let first = self.paths.first().map_or(Path::new("."), PathBuf::as_path);
        Ok((listing.sorted(), read::folder_of(first)))
    }
}

impl MigrationSource for Folder {
    fn read(&self) -> Result<MigrationSet, SourceError> {
        let (listing, folder) = self.listing()?;
        let told = match self.options.layout {
            Some(layout) => (layouts::of(layout), "given".to_owned()),
            None => detect(&listing, around::look(&folder), &folder)?,
        };
        let set = assemble(&listing, told, &self.options);
        if set.migrations.is_empty() && set.problems.is_empty() {
            return Err(SourceError::Nothing { path: folder, looked: Vec::new() });
        }
        Ok(set)
    }
}

/// A path with `/` between its parts, and without `./`.
fn display(path: &Path) -> String {
    let shown = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let shown = shown.strip_prefix("./").unwrap_or(&shown);
    if shown == "." { String::new() } else { shown.to_owned() }
}
