use std::borrow::Cow;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use handover_core::{Hint, ReleaseId, Retry};
use handover_traffic::BoxError;

/// Why a release could not be frozen, read or removed. Nothing was changed, nothing half-made is left.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// The spec makes no sense.
    #[error("the release's {field} {because}")]
    BadSpec {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        because: &'static str,
    },
    /// The name stands for another release already.
    #[error("a release named {id} exists, with other {differs}")]
    Exists {
        /// The name.
        id: ReleaseId,
        /// What differs: `files` or `settings`.
        differs: &'static str,
    },
    /// There is no such release.
    #[error("there is no release {id}")]
    NotFound {
        /// The name.
        id: ReleaseId,
    },
    /// The artefact is not there.
    #[error("the artefact folder {} does not exist", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The artefact is a file.
    #[error("the artefact {} is not a folder", path.display())]
    NotAFolder {
        /// What was given.
        path: PathBuf,
    },
    /// Something of the artefact, or the store, cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// What.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The artefact holds a device, a socket or a pipe.
    #[error("{} is neither a file, a folder nor a link", path.display())]
    Special {
        /// Which.
        path: PathBuf,
    },
    /// The artefact folder holds the state directory.
    #[error("the artefact folder {} holds handover's own state directory", path.display())]
    HoldsState {
        /// The artefact folder.
        path: PathBuf,
    },
    /// `git` could not write the commit's files.
    #[error("cannot take {rev} from the repository {}", repo.display())]
    Archive {
        /// Which repository.
        repo: PathBuf,
        /// Which commit.
        rev: String,
        /// What `git` or `tar` said.
        #[source]
        source: BoxError,
    },
    /// The store cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// What.
        path: PathBuf,
        /// Why; a full disk for one.
        #[source]
        source: io::Error,
    },
    /// A release in the store cannot be understood.
    #[error("the release file {} is damaged", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: BoxError,
    },
}

impl ReleaseError {
    /// What a caller may do next; every variant has exactly one answer.
    pub fn retry(&self) -> Retry {
        match self {
            // A disk may have room again; the rest needs a person.
            Self::Write { .. } => Retry::After(Duration::from_secs(1)),
            Self::BadSpec { .. }
            | Self::Exists { .. }
            | Self::NotFound { .. }
            | Self::Missing { .. }
            | Self::NotAFolder { .. }
            | Self::Unreadable { .. }
            | Self::Special { .. }
            | Self::HoldsState { .. }
            | Self::Archive { .. }
            | Self::Damaged { .. } => Retry::Never,
        }
    }
}

impl Hint for ReleaseError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Exists { .. } => Some("give this one another name with `--release`".into()),
            Self::NotFound { .. } => Some("`handover releases list` shows what there is".into()),
            Self::HoldsState { .. } => Some("give another folder with `--state-dir`".into()),
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("`handover releases prune` makes room".into())
            }
            Self::Damaged { .. } => Some("remove that release's folder, then deploy it again".into()),
            Self::Missing { .. } | Self::NotAFolder { .. } => {
                Some("`artifact` in handover.toml names the folder to deploy".into())
            }
            Self::BadSpec { .. }
            | Self::Unreadable { .. }
            | Self::Special { .. }
            | Self::Archive { .. }
            | Self::Write { .. } => None,
        }
    }
}
