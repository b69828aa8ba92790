use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use handover_core::{Hint, Retry, ServiceName};

/// Why the state cannot be used. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The file is there and makes no sense. It is never read as empty: that would send everybody to nowhere.
    #[error("the state file {} {because}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        because: &'static str,
    },
    /// The file is damaged, and so is the copy before it.
    #[error("neither {} nor the copy before it can be used", path.display())]
    NothingToRecover {
        /// Which file.
        path: PathBuf,
    },
    /// A newer handover wrote the file.
    #[error("the state file {} has format {found}; this handover knows {known}", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
    /// The file belongs to another service.
    #[error("the state file {} is of the service {found}, not {wanted}", path.display())]
    OtherService {
        /// Which file.
        path: PathBuf,
        /// Whose it is.
        found: ServiceName,
        /// Whose it should be.
        wanted: ServiceName,
    },
    /// The file cannot be read.
    #[error("cannot read the state file {}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file cannot be written; a full disk for one.
    #[error("cannot save the state to {}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The process is stopping.
    #[error("the process is stopping")]
    Stopped,
}

impl StateError {
    /// What a caller may do next; every variant has exactly one answer.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Write { .. } | Self::Stopped => Retry::After(Duration::from_secs(1)),
            Self::Damaged { .. }
            | Self::NothingToRecover { .. }
            | Self::Newer { .. }
            | Self::OtherService { .. }
            | Self::Unreadable { .. } => Retry::Never,
        }
    }
}

impl Hint for StateError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Damaged { path, .. } if is_edges(path) => {
                Some("`handover edge --recover` goes back to the copy before it, edge.json.prev".into())
            }
            Self::Damaged { .. } => {
                Some("`handover agent run --recover` goes back to the copy before it, agent.json.prev".into())
            }
            Self::NothingToRecover { path } if is_edges(path) => {
                Some("move both files away and say with `--begin` which slot serves".into())
            }
            Self::NothingToRecover { .. } => {
                Some("stop the releases, move both files away, then deploy again".into())
            }
            Self::Newer { .. } => Some("run the newer handover".into()),
            Self::OtherService { .. } => Some("give each service its own `--state-dir`".into()),
            Self::Write { .. } => Some("`handover releases prune` makes room".into()),
            Self::Unreadable { .. } | Self::Stopped => None,
        }
    }
}

/// Whether it is the file of an edge of its own, and not an agent's.
fn is_edges(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == crate::standalone::STATE_FILE)
}
