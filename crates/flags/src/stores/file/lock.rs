use std::fs::{File, OpenOptions, TryLockError};
use std::thread::sleep;
use std::time::Duration;

use super::owner::like;
use super::place::{Files, Place};
use crate::store::StoreError;

/// How often a lock that is held is tried again.
const PAUSE: Duration = Duration::from_millis(2);

/// The right to change a file, given up when dropped, also by a process that is killed.
///
/// Advisory: it keeps writers apart that ask for it, not a person's editor.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the right, this long. Blocks the thread.
    pub(super) fn take(place: &Place, files: &Files, patience: Duration) -> Result<Self, StoreError> {
        let path = files.lock();
        let new = !path.exists();
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| place.unwritten(&path, &error))?;
        if new {
            like(&path, &files.file);
        }
        for _ in 0..=patience.as_millis() / PAUSE.as_millis() {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(place.unwritten(&path, &error)),
            }
        }
        Err(place.unreachable(format!("another process has held its lock for {patience:?}")))
    }
}
