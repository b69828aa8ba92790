use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::assemble::{Options, assemble};
use super::detect::{Surroundings, detect};
use super::layouts;
use super::listing::{Found, Listing};
use super::{Layout, MigrationSet, MigrationSource, Wrapping};
use crate::SourceError;

/// Migrations that are not on disk: read as [`Folder`](super::Folder) reads a folder's.
///
/// # Examples
///
/// ```
/// use handover_migrate_guard::{InMemory, Layout, MigrationSource};
///
/// let files = InMemory::new().with_file("00001_users.sql", "-- +goose Up\nCREATE TABLE users (id bigint);");
/// let set = files.read()?;
/// assert_eq!((set.layout, &set.migrations[0].version[..]), (Layout::Goose, "1"));
/// # Ok::<(), handover_migrate_guard::SourceError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct InMemory {
    files: BTreeMap<String, Arc<str>>,
    options: Options,
}

impl InMemory {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, and a file: its path, `/` between the parts, and its text.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }

    /// The same, kept as `layout` says; without, the layout is told by the files.
    #[must_use]
    pub const fn with_layout(mut self, layout: Layout) -> Self {
        self.options.layout = Some(layout);
        self
    }

    /// The same, with a template value.
    #[must_use]
    pub fn with_value(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.values.insert(name.into(), value.into());
        self
    }

    /// The same, with this around every file, whatever its runner does.
    #[must_use]
    pub const fn with_wrapping(mut self, wrapping: Wrapping) -> Self {
        self.options.wrapping = Some(wrapping);
        self
    }

    fn listing(&self) -> Listing {
        let found = |(path, text): (&String, &Arc<str>)| Found {
            path: path.clone(),
            shown: path.clone(),
            content: Ok(Arc::clone(text)),
        };
        let folders = self.files.keys().filter_map(|path| path.split_once('/'));
        let mut folders: Vec<_> = folders.map(|(first, _)| (first.to_owned(), first.to_owned())).collect();
        folders.dedup();
        Listing { files: self.files.iter().map(found).collect(), folders, troubles: Vec::new() }.sorted()
    }
}

impl MigrationSource for InMemory {
    fn read(&self) -> Result<MigrationSet, SourceError> {
        let listing = self.listing();
        let told = match self.options.layout {
            Some(layout) => (layouts::of(layout), "given".to_owned()),
            None => detect(&listing, Surroundings::default(), Path::new("memory"))?,
        };
        Ok(assemble(&listing, told, &self.options))
    }
}
