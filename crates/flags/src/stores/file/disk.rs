//! Reading the file as it is at one moment.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};

use super::document::{self, Document};
use super::place::{Files, Place};
use crate::store::{Contents, Revision, StoreError};

/// A file larger than this, in bytes, is taken for a mistake: it would be read again at every change.
pub(super) const LARGEST: u64 = 8 * 1024 * 1024;

/// The file's bytes; `None` where there is no file.
pub(super) fn bytes(place: &Place) -> Result<Option<Vec<u8>>, StoreError> {
    bytes_of(place, &place.files()?)
}

fn bytes_of(place: &Place, files: &Files) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::metadata(&files.file) {
        Ok(meta) if !meta.is_file() => return Err(place.refused("it is no regular file")),
        Ok(meta) if meta.len() > LARGEST => return Err(too_large(place)),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(place.unread(error)),
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    let read = File::open(&files.file).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    match read {
        Ok(length) if length as u64 > LARGEST => Err(too_large(place)),
        Ok(_) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(place.unread(error)),
    }
}

fn too_large(place: &Place) -> StoreError {
    place.damaged(format!("it has more than {} MiB", LARGEST >> 20))
}

/// What the bytes say.
pub(super) fn contents(place: &Place, bytes: Option<&[u8]>) -> Result<Contents, StoreError> {
    match bytes {
        None => Ok(Contents { revision: Some(Revision(0)), ..Contents::default() }),
        Some(bytes) => document::contents(bytes).map_err(|error| place.damaged(error)),
    }
}

/// What it says, and its text to be changed.
pub(super) fn editable(place: &Place, files: &Files) -> Result<(Contents, Document), StoreError> {
    let bytes = bytes_of(place, files)?;
    let contents = contents(place, bytes.as_deref())?;
    let document = bytes.as_deref().map_or_else(|| Ok(Document::new()), Document::of);
    Ok((contents, document.map_err(|error| place.damaged(error))?))
}
