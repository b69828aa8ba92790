//! The state on disk: versioned, with a checksum over the very bytes, and the copy before it kept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::StateError;
use crate::files::{self, Survives};
use crate::releases::to_hex;

/// The newest format known here.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    format: u32,
    sha256: String,
    #[serde(borrow)]
    state: &'a RawValue,
}

/// Only the version, for files whose rest is not understood.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// What a file of state is taken for where it is damaged and the copy before it is used.
pub(crate) trait Recovered {
    /// Makes up for the save that was lost.
    fn recovered(&mut self);
}

/// The state in `path`; `None` where there never was one.
pub(super) fn load<S: DeserializeOwned + Recovered>(
    path: &Path,
    recover: bool,
) -> Result<Option<S>, StateError> {
    let found = match read(path) {
        Ok(None) if previous(path).exists() => {
            Err(damaged(path, "is missing, though there is a copy of the one before it"))
        }
        found => found,
    };
    match found {
        Err(StateError::Damaged { .. }) if recover => recover_previous(path).map(Some),
        found => found,
    }
}

/// The state before the damaged one, which moves aside and stays for whoever wants to know.
fn recover_previous<S: DeserializeOwned + Recovered>(path: &Path) -> Result<S, StateError> {
    let Ok(Some(mut state)) = read::<S>(&previous(path)) else {
        return Err(StateError::NothingToRecover { path: path.to_owned() });
    };
    state.recovered();
    let _ = fs::rename(path, path.with_extension("json.damaged"));
    tracing::warn!(file = %path.display(), "recovered the state from the copy before it");
    Ok(state)
}

fn read<S: DeserializeOwned>(path: &Path) -> Result<Option<S>, StateError> {
    match fs::read(path) {
        Ok(bytes) => parse(path, &bytes).map(Some),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StateError::Unreadable { path: path.to_owned(), source }),
    }
}

fn parse<S: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<S, StateError> {
    if bytes.is_empty() {
        return Err(damaged(path, "is empty"));
    }
    if let Ok(Version { format }) = serde_json::from_slice(bytes)
        && format > FORMAT
    {
        return Err(StateError::Newer { path: path.to_owned(), found: format, known: FORMAT });
    }
    let envelope: Envelope<'_> =
        serde_json::from_slice(bytes).map_err(|_| damaged(path, "is cut short or was overwritten"))?;
    if checksum(envelope.state) != envelope.sha256 {
        return Err(damaged(
            path,
            "does not match its checksum: it was edited or the disk lost a part of it",
        ));
    }
    serde_json::from_str(envelope.state.get()).map_err(|_| damaged(path, "holds the state of something else"))
}

fn damaged(path: &Path, because: &'static str) -> StateError {
    StateError::Damaged { path: path.to_owned(), because }
}

/// Replaces the file; the one before it stays as a copy. There is a whole file under its name at every instant.
pub(super) fn save(path: &Path, state: &impl Serialize) -> io::Result<()> {
    let state = serde_json::value::to_raw_value(state)?;
    let envelope = Envelope { format: FORMAT, sha256: checksum(&state), state: &state };
    let bytes = serde_json::to_vec(&envelope)?;
    keep_previous(path)?;
    files::replace(path, &bytes, Survives::PowerLoss)
}

/// A second name for the file in force, not a copy: nothing is written, so nothing can be half-written.
fn keep_previous(path: &Path) -> io::Result<()> {
    let link = path.with_extension("json.prev-tmp");
    let _ = fs::remove_file(&link);
    match fs::hard_link(path, &link) {
        Ok(()) => fs::rename(&link, previous(path)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
    }
}

fn previous(path: &Path) -> PathBuf {
    path.with_extension("json.prev")
}

fn checksum(state: &RawValue) -> String {
    to_hex(&Sha256::digest(state.get().as_bytes()))
}
