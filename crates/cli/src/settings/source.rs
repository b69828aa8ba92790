//! Finding the file and reading it as text.

use std::io;
use std::path::{Path, PathBuf};

use super::SettingsError;
use super::error::Place;

/// What the file is called where `--config` does not name another.
pub(crate) const FILE_NAME: &str = "handover.toml";

/// The text of a settings file, with its name for messages.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    path: PathBuf,
    text: String,
}

impl SourceFile {
    /// Reads `config`, or the nearest `handover.toml` at or above `folder`.
    ///
    /// # Errors
    ///
    /// No such file, one that cannot be read, or one that is not text.
    pub(crate) fn open(config: Option<&Path>, folder: &Path) -> Result<Self, SettingsError> {
        let path = match config {
            Some(named) => folder.join(named),
            None => find(folder)?,
        };
        let bytes = std::fs::read(&path).map_err(|source| unreadable(&path, source))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { path, text }),
            Err(error) => {
                let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                Err(SettingsError::NotText { at: Place::after(&path, good) })
            }
        }
    }

    /// A file that is not on disk, such as one about to be written.
    pub(crate) fn in_memory(path: PathBuf, text: String) -> Self {
        Self { path, text }
    }

    /// The file's name; absolute where the folder it was searched from is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What it says.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

fn find(folder: &Path) -> Result<PathBuf, SettingsError> {
    let candidates = folder.ancestors().map(|above| above.join(FILE_NAME));
    for candidate in candidates {
        // A folder of that name, or one that may not be looked into, is somebody's mistake: say so, do not go past it.
        match candidate.try_exists() {
            Ok(true) => return Ok(candidate),
            Ok(false) => {}
            Err(source) => return Err(unreadable(&candidate, source)),
        }
    }
    Err(SettingsError::NoFile { from: folder.to_owned() })
}

fn unreadable(path: &Path, source: io::Error) -> SettingsError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::IsADirectory => SettingsError::Folder { path },
        io::ErrorKind::NotFound => SettingsError::Missing { path },
        _ => SettingsError::Unreadable { path, source },
    }
}
