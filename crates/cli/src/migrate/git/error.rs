use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

use handover_core::Hint;

/// Why git could not say what changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    /// It cannot be run.
    #[error("git cannot be run")]
    NotRun(#[source] io::Error),
    /// The files are in no repository.
    #[error("{} is in no git repository", folder.display())]
    NoRepository {
        /// Where the files are.
        folder: PathBuf,
    },
    /// There is no such commit.
    #[error("git knows no commit {name:?} here")]
    NoCommit {
        /// As it was given.
        name: String,
        /// Only a part of the history was fetched.
        shallow: bool,
    },
    /// The commit and this branch have no common past, as far as it was fetched.
    #[error("{name:?} and the current commit have no common ancestor{}", if *shallow { " in the part of the history that was fetched" } else { "" })]
    NoCommonPast {
        /// As it was given.
        name: String,
        /// Only a part of the history was fetched.
        shallow: bool,
    },
    /// It says something else.
    #[error("git: {0}")]
    Said(String),
}

/// How a whole history is fetched.
const UNSHALLOW: &str =
    "`git fetch --unshallow`; for actions/checkout `fetch-depth: 0`, for GitLab `GIT_DEPTH: 0`";

impl Hint for GitError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::NotRun(_) => Some("install git, or leave `--since` out".into()),
            Self::NoRepository { .. } => {
                Some("leave `--since` out, or ask the database: `--applied-from env:DATABASE_URL`".into())
            }
            Self::NoCommit { shallow: true, .. } | Self::NoCommonPast { shallow: true, .. } => {
                Some(UNSHALLOW.into())
            }
            Self::NoCommit { name, .. } => Some(match name.split_once('/') {
                Some((remote, branch)) => {
                    format!("`git fetch {remote} {branch}` brings it, if it is there").into()
                }
                None => "`git branch --all` and `git tag` list what there is".into(),
            }),
            Self::NoCommonPast { .. } => Some("name a commit that this branch began from".into()),
            Self::Said(_) => None,
        }
    }
}
