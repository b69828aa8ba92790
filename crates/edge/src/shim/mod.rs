//! The tiny process above each instance of a release, and above the driver.
//!
//! It outlives the agent: it leads a session of its own, keeps the log within its cap, and writes what became of its
//! child to a file, so that an agent started again finds everything without having been its parent. One folder holds
//! one shim at a time; a lock in it makes a second start harmless, so launching again after a crash cannot launch twice.

mod config;
mod env_file;
mod handle;
mod log;
mod run;

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use crate::process::ProcessId;
pub(crate) use config::{Exit, ShimConfig, ShimStatus, Work};
pub use handle::CommandPrefix;
pub(crate) use handle::{Found, NotStarted, Running, ShimFolder};
use run::ShimError;

/// The lock's name in the shim's folder.
const LOCK: &str = "shim.lock";

/// Runs what the folder's `shim.json` says until it has ended, and answers with the exit code for this process.
///
/// This is the whole of the command the agent's `shim` prefix names; the folder is its last argument. It ends with 0
/// when its child's end is on record, with 1 when the child could not be started (the reason is in `status.json`).
/// Call it first thing, before any thread runs: it becomes the leader of a session.
pub fn shim_main(dir: &Path) -> i32 {
    // Fails only for a process group leader, which has what matters here: no terminal's signals.
    let _ = rustix::process::setsid();
    let Ok(lock) = File::create(dir.join(LOCK)) else { return 1 };
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return 0,
        Err(TryLockError::Error(_)) => return 1,
    }
    // The lock is held until this process ends, which is when its descriptor closes.
    let code = record_failure(dir, run::run(dir));
    drop(lock);
    code
}

fn record_failure(dir: &Path, ran: Result<(), ShimError>) -> i32 {
    let Err(error) = ran else { return 0 };
    let attempt = ShimConfig::read(dir).map_or(0, |config| config.attempt);
    let status = ShimStatus {
        attempt,
        shim: ProcessId::current(),
        child: None,
        exit: None,
        error: Some(error.in_one_line()),
    };
    let _: io::Result<()> = status.write(dir);
    1
}
