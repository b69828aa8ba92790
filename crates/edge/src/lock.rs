//! One agent, or one edge of its own, per state directory.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::process::ProcessId;

/// How often a lock is tried whose holder is gone.
const MOST_TRIES: u32 = 200;

/// The time between two tries.
const PAUSE: Duration = Duration::from_millis(5);

/// Held for as long as the value lives; the system gives it back when the process ends, however it ends. A child that is
/// just being started has it too until it runs its own program, and a process may be killed in that moment.
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
        Self::take_waiting(dir, name, || thread::sleep(PAUSE))
    }

    /// The same; `pause` is what passes between two tries.
    fn take_waiting(dir: &Path, name: &str, mut pause: impl FnMut()) -> Result<Self, LockError> {
        let path = dir.join(name);
        let opened = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(LockError::Failed)?;
        let mut tries = 0;
        while let Err(error) = file.try_lock() {
            let TryLockError::WouldBlock = error else { return Err(LockError::Failed(error.into())) };
            let holder = holder(&path);
            tries += 1;
            if tries > MOST_TRIES || holder.is_none_or(lives) {
                return Err(LockError::Held(holder));
            }
            pause();
        }
        // Only for the message of whoever comes second: a full disk is no reason not to start.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}

fn holder(path: &Path) -> Option<u32> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

fn lives(pid: u32) -> bool {
    ProcessId::of(pid).is_some_and(ProcessId::is_alive)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lock as somebody of that process id holds it.
    fn held_by(dir: &Path, pid: u32) -> File {
        fs::write(dir.join("x.lock"), format!("{pid}\n")).unwrap();
        let held = fs::OpenOptions::new().write(true).open(dir.join("x.lock")).unwrap();
        held.try_lock().unwrap();
        held
    }

    /// The number of a process that is gone.
    fn gone() -> u32 {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        child.id()
    }

    #[test]
    fn who_lives_has_it_and_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let _held = held_by(dir.path(), std::process::id());
        let Err(LockError::Held(Some(pid))) = DirLock::take(dir.path(), "x.lock") else { panic!("taken") };
        assert_eq!(pid, std::process::id());
    }

    #[test]
    fn what_a_child_of_one_who_is_gone_has_for_a_moment_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let mut held = Some(held_by(dir.path(), gone()));
        assert!(DirLock::take_waiting(dir.path(), "x.lock", || drop(held.take())).is_ok());
    }

    #[test]
    fn one_that_is_never_given_back_is_given_up() {
        let dir = tempfile::tempdir().unwrap();
        let gone = gone();
        let _held = held_by(dir.path(), gone);
        let taken = DirLock::take_waiting(dir.path(), "x.lock", || {});
        assert!(matches!(taken, Err(LockError::Held(Some(pid))) if pid == gone));
    }
}
