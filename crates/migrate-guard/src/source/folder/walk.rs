use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::super::ProblemKind;
use super::super::listing::{Found, Listing};
use super::read;
use crate::SourceError;

/// How deep folders are entered.
const DEEPEST: usize = 12;
/// How many entries are looked at: more are no folder of migrations.
const MOST: usize = 100_000;
/// Folders that are never a project's own.
const FOREIGN: [&str; 3] = ["node_modules", "target", "vendor"];

/// Every file below a folder that a layout may have a word on.
pub(super) fn walk(
    root: &Path,
    largest: u64,
    shown: &dyn Fn(&Path) -> String,
) -> Result<Listing, SourceError> {
    let mut walk = Walk { root, largest, shown, listing: Listing::default(), seen: 0 };
    let entries =
        fs::read_dir(root).map_err(|source| SourceError::Unreadable { path: root.to_owned(), source })?;
    let here = Here { below: String::new(), depth: 0 };
    walk.entries(entries, &here)?;
    Ok(walk.listing)
}

struct Walk<'a> {
    root: &'a Path,
    largest: u64,
    shown: &'a dyn Fn(&Path) -> String,
    listing: Listing,
    seen: usize,
}

/// A folder on the way.
struct Here {
    /// Its path below the root, with a `/` at the end; empty for the root.
    below: String,
    depth: usize,
}

impl Walk<'_> {
    fn entries(&mut self, entries: fs::ReadDir, here: &Here) -> Result<(), SourceError> {
        for entry in entries.flatten() {
            self.seen += 1;
            if self.seen > MOST {
                return Err(SourceError::TooMany { path: self.root.to_owned(), most: MOST });
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') && !FOREIGN.contains(&name.as_str()) {
                self.entry(&entry.path(), &format!("{}{name}", here.below), here)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path, below: &str, here: &Here) -> Result<(), SourceError> {
        if path.is_dir() {
            return self.folder(path, below, here);
        }
        if let Some(content) = self.content(path) {
            let shown = (self.shown)(path);
            self.listing.files.push(Found { path: below.to_owned(), shown, content });
        }
        Ok(())
    }

    /// The text of a file that has one; of code it is enough to know that it is there.
    fn content(&self, path: &Path) -> Option<Result<Arc<str>, ProblemKind>> {
        let extension = path.extension()?.to_string_lossy().to_ascii_lowercase();
        match extension.as_str() {
            "sql" | "conf" | "toml" | "rb" => Some(read::text(path, self.largest)),
            "go" | "java" | "kt" | "fizz" => Some(Ok(Arc::from(""))),
            _ => None,
        }
    }

    fn folder(&mut self, path: &Path, below: &str, here: &Here) -> Result<(), SourceError> {
        if here.depth == DEEPEST || leads_back(path) {
            let why = "it leads back to a folder above it, or is too deep to be entered";
            self.trouble(path, why.to_owned());
            return Ok(());
        }
        match fs::read_dir(path) {
            Err(error) => self.trouble(path, read::plainly(&error)),
            Ok(entries) => {
                let deeper = Here { below: format!("{below}/"), depth: here.depth + 1 };
                if here.depth == 0 {
                    self.listing.folders.push((below.to_owned(), (self.shown)(path)));
                }
                self.entries(entries, &deeper)?;
            }
        }
        Ok(())
    }

    fn trouble(&mut self, path: &Path, why: String) {
        self.listing.troubles.push(((self.shown)(path), ProblemKind::Unreadable(why)));
    }
}

/// Whether a folder is a link to one that holds it.
fn leads_back(path: &Path) -> bool {
    let link = fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
    let target = || fs::canonicalize(path).ok();
    let holder = || path.parent().and_then(|parent| fs::canonicalize(parent).ok());
    link && target().zip(holder()).is_some_and(|(target, holder)| holder.starts_with(target))
}
