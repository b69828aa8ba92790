use std::borrow::Cow;
use std::path::PathBuf;

use handover_core::Hint;

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
}

impl Hint for SourceError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Missing { .. } => Some("name the folder that holds the migrations".into()),
            Self::Unreadable { .. } => None,
        }
    }
}
