use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use super::command::{Answer, git};
use super::error::GitError;
use crate::settings::GitRef;

/// A repository with a working tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repository {
    root: PathBuf,
}

/// A commit by its whole hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit(String);

/// How much of a hash is shown.
const SHORT: usize = 10;

impl Commit {
    /// Enough of its hash to know it by.
    pub(crate) fn short(&self) -> &str {
        self.0.get(..SHORT).unwrap_or(&self.0)
    }

    /// Its whole hash.
    pub(super) fn hash(&self) -> &str {
        &self.0
    }
}

impl Repository {
    /// The one that `folder` is in.
    ///
    /// # Errors
    ///
    /// It is in none, or git cannot be run.
    pub(crate) fn of(folder: &Path) -> Result<Self, GitError> {
        let answer = git(folder, &["rev-parse", "--show-toplevel"], &[])?;
        if answer.is_no_repository() {
            return Err(GitError::NoRepository { folder: folder.to_owned() });
        }
        let mut root = answer.bytes()?;
        while root.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            root.pop();
        }
        Ok(Self { root: OsString::from_vec(root).into() })
    }

    /// The commit of this name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub(crate) fn commit(&self, name: &GitRef) -> Result<Commit, GitError> {
        let spelled = format!("{name}^{{commit}}");
        let answer = git(&self.root, &["rev-parse", "--verify", "--quiet", &spelled], &[])?;
        if !answer.good {
            return Err(GitError::NoCommit { name: name.to_string(), shallow: self.is_shallow() });
        }
        answer.line().map(Commit)
    }

    /// Where this branch left `name`.
    ///
    /// # Errors
    ///
    /// There is no such commit, or no common past.
    pub(crate) fn parting(&self, name: &GitRef) -> Result<Commit, GitError> {
        let commit = self.commit(name)?;
        let answer = git(&self.root, &["merge-base", &commit.0, "HEAD"], &[])?;
        if !answer.good {
            return Err(GitError::NoCommonPast { name: name.to_string(), shallow: self.is_shallow() });
        }
        answer.line().map(Commit)
    }

    /// Where its working tree begins.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The same, for good.
    pub(crate) fn into_root(self) -> PathBuf {
        self.root
    }

    fn is_shallow(&self) -> bool {
        let answer = git(&self.root, &["rev-parse", "--is-shallow-repository"], &[]);
        answer.and_then(Answer::line).is_ok_and(|line| line == "true")
    }
}
