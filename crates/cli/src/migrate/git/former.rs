use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::command::git;
use super::error::GitError;
use super::repository::{Commit, Repository};

/// The files below a folder as a commit had them: each path below the folder, and its bytes where they are not the same
/// now.
pub(crate) type Former = Vec<(PathBuf, Option<Vec<u8>>)>;

impl Repository {
    /// What `commit` had below `folder`. What is there now counts whether it is committed or not.
    ///
    /// # Errors
    ///
    /// Git does not say, or the folder is not in the repository.
    pub(crate) fn former(&self, commit: &Commit, folder: &Path) -> Result<Former, GitError> {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let below = folder
            .strip_prefix(self.root())
            .map_err(|_| GitError::NoRepository { folder: folder.clone() })?;
        let whole: &[&Path] = if below.as_os_str().is_empty() { &[] } else { &[below] };
        let list = ["ls-tree", "-r", "-z", "--full-tree", "--name-only", commit.hash()];
        let diff =
            ["diff", "--no-ext-diff", "--no-textconv", "--no-renames", "--name-only", "-z", commit.hash()];
        let list = git(self.root(), &list, whole)?.bytes()?;
        let changed = git(self.root(), &diff, whole)?.bytes()?;
        let changed: BTreeSet<&Path> = paths(&changed).collect();
        let file = |path: &Path| {
            let edited = changed.contains(path) && self.root().join(path).exists();
            let bytes = edited.then(|| self.bytes(commit, path)).transpose()?;
            Ok((path.strip_prefix(below).unwrap_or(path).to_owned(), bytes))
        };
        paths(&list).map(file).collect()
    }

    /// What a file held.
    fn bytes(&self, commit: &Commit, path: &Path) -> Result<Vec<u8>, GitError> {
        let mut object = std::ffi::OsString::from(format!("{}:", commit.hash()));
        object.push(path);
        git(self.root(), &[OsStr::new("cat-file"), OsStr::new("blob"), &object], &[])?.bytes()
    }
}

/// What stands between the NULs.
fn paths(bytes: &[u8]) -> impl Iterator<Item = &Path> {
    let fields = bytes.split(|byte| *byte == 0).filter(|field| !field.is_empty());
    fields.map(|field| Path::new(OsStr::from_bytes(field)))
}
