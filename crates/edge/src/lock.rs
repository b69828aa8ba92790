//! One agent, or one edge of its own, per state directory.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;

/// Held for as long as the value lives; the system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct DirLock {
    _file: File,
}

/// Why the lock was not taken.
#[derive(Debug)]
pub(crate) enum LockError {
    /// Another process holds it; its process id, where it could be read.
    Held(Option<u32>),
    /// The file cannot be created or locked.
    Failed(io::Error),
}

impl DirLock {
    /// Takes the lock of this name in `dir` and writes this process's id into it.
    pub(crate) fn take(dir: &Path, name: &str) -> Result<Self, LockError> {
        let path = dir.join(name);
        let opened = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(LockError::Failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok());
                return Err(LockError::Held(holder));
            }
            Err(TryLockError::Error(e)) => return Err(LockError::Failed(e)),
        }
        // Only for the message of whoever comes second: a full disk is no reason not to start.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}
