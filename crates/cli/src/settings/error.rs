use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use handover_core::Hint;

/// Why the settings cannot be used. Nothing was tried with any of them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// There is no file where one was looked for.
    #[error("there is no handover.toml in {} or above it", from.display())]
    NoFile {
        /// Where the search began.
        from: PathBuf,
    },
    /// The file that `--config` names does not exist.
    #[error("{} does not exist", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A folder stands where the file should.
    #[error("{} is a folder, not a file", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The system does not let us read it.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The bytes are not UTF-8.
    #[error("{at}: this line is not UTF-8 text")]
    NotText {
        /// Where the first bad byte is.
        at: Place,
    },
    /// The text is not TOML.
    #[error("{at}: {message}")]
    Syntax {
        /// Where it stops being TOML.
        at: Place,
        /// What the parser says.
        message: String,
    },
    /// A key that means nothing here.
    #[error("{at}: unknown key `{key}`")]
    UnknownKey {
        /// Where it stands.
        at: Place,
        /// Its whole path.
        key: String,
        /// What to write instead.
        advice: String,
    },
    /// A key that is needed and not there.
    #[error("{at}: `{key}` is missing")]
    MissingKey {
        /// Where it should stand.
        at: Place,
        /// Its whole path.
        key: String,
    },
    /// A value that cannot be used.
    #[error("{at}: {key}: {because}")]
    Value {
        /// Where it stands.
        at: Place,
        /// The whole path of its key.
        key: String,
        /// What is wrong with it.
        because: String,
    },
}

impl Hint for SettingsError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::NoFile { .. } => {
                Some("`handover init` writes one; `--config FILE` names one elsewhere".into())
            }
            Self::Missing { .. } => Some("`handover init` writes one".into()),
            Self::Folder { .. } => Some("name the file itself with `--config`".into()),
            Self::Unreadable { .. } => Some("check the owner and the mode of the file".into()),
            Self::NotText { .. } => Some("save the file as UTF-8".into()),
            Self::Syntax { .. } | Self::Value { .. } => None,
            Self::UnknownKey { advice, .. } => Some(advice.clone().into()),
            Self::MissingKey { .. } => Some("`handover init --dry-run` shows a complete example".into()),
        }
    }
}

/// A line of the file, shown so that editors and terminals can jump to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    file: PathBuf,
    line: usize,
}

impl Place {
    /// The line on which the text goes on after `before`; the first is 1.
    pub(super) fn after(file: &Path, before: &[u8]) -> Self {
        Self { file: file.to_owned(), line: before.split(|byte| *byte == b'\n').count() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}
