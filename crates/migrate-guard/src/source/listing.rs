use std::sync::Arc;

use super::ProblemKind;

/// The files that migrations are looked for among.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing {
    /// Each file, by path.
    pub(super) files: Vec<Found>,
    /// The folders directly below, by their names, and how each is shown.
    pub(super) folders: Vec<(String, String)>,
    /// What keeps a part of it from being read: where, and what.
    pub(super) troubles: Vec<(String, ProblemKind)>,
}

/// A file.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its path below the folder, `/` between the parts.
    pub(super) path: String,
    /// Its path as it is shown.
    pub(super) shown: String,
    /// Its text, or why there is none.
    pub(super) content: Result<Arc<str>, ProblemKind>,
}

impl Found {
    /// Its text, empty if it could not be read.
    pub(super) fn text(&self) -> &str {
        self.content.as_deref().unwrap_or_default()
    }
}

impl Listing {
    /// The text of the file at that path.
    pub(super) fn text_of(&self, path: &str) -> Option<&str> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(at)?.content.as_deref().ok()
    }

    /// Puts everything in order.
    pub(super) fn sorted(mut self) -> Self {
        self.files.sort_by(|one, other| one.path.cmp(&other.path));
        self.folders.sort();
        self.troubles.sort_by(|one, other| one.0.cmp(&other.0));
        self
    }
}
