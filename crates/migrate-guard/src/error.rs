use std::borrow::Cow;
use std::path::PathBuf;

use handover_core::Hint;

use crate::Layout;

/// Why migrations could not be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// There is no such file or folder.
    #[error("{} is not there", path.display())]
    Missing {
        /// Which.
        path: PathBuf,
    },
    /// It cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// No migration is in it.
    #[error("no migrations are in {}", path.display())]
    Nothing {
        /// Which folder.
        path: PathBuf,
        /// The folders below it that were looked into.
        looked: Vec<String>,
    },
    /// Several folders below it hold migrations.
    #[error("{} has migrations in several folders: {}", path.display(), folders.join(", "))]
    Several {
        /// Which folder.
        path: PathBuf,
        /// Those below it.
        folders: Vec<String>,
    },
    /// Two runners keep their migrations this way, and nothing tells which it is.
    #[error("the migrations in {} may be {one}'s or {other}'s", path.display())]
    Ambiguous {
        /// Which folder.
        path: PathBuf,
        /// One of the two.
        one: Layout,
        /// The other.
        other: Layout,
    },
    /// The migrations of two runners are side by side.
    #[error("{} holds migrations of {} ({}) and of {} ({})", path.display(), one.0, one.1, other.0, other.1)]
    Mixed {
        /// Which folder.
        path: PathBuf,
        /// One of the two, and a file of its.
        one: (Layout, String),
        /// The other, and a file of its.
        other: (Layout, String),
    },
    /// There are more files in it than are looked through.
    #[error("more than {most} files and folders are in {}", path.display())]
    TooMany {
        /// Which folder.
        path: PathBuf,
        /// How many are looked through.
        most: usize,
    },
}

impl Hint for SourceError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Missing { .. } | Self::TooMany { .. } => {
                Some("name the folder that holds the migrations".into())
            }
            Self::Unreadable { .. } => Some("run it as a user who may read that".into()),
            Self::Nothing { looked, .. } if looked.is_empty() => {
                Some("name the folder that holds the migrations".into())
            }
            Self::Nothing { looked, .. } => {
                let looked = looked.join("`, `");
                Some(format!("name the folder that holds them; looked for were `{looked}`").into())
            }
            Self::Several { folders, .. } => {
                folders.first().map(|first| format!("name one of them, as in `{first}`").into())
            }
            Self::Ambiguous { one, other, .. } => {
                Some(format!("say which: `--layout {one}` or `--layout {other}`").into())
            }
            Self::Mixed { one, .. } => Some(
                format!("put one of them elsewhere, or say `--layout {}` to leave the others out", one.0)
                    .into(),
            ),
        }
    }
}
