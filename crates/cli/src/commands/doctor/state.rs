//! The state folder: there, ours, writable, with room, and a journal that opens.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use handover_core::Timestamp;

use super::check::Check;
use crate::commands::past::Past;
use crate::exit::Exit;
use crate::report::Failure;
use crate::state_dir::{self, StateDirError};

/// Below this a release of ordinary size does not fit.
const SCARCE: u64 = 100_000_000;

/// Below this not even the journal is sure of its place.
const NONE_LEFT: u64 = 10_000_000;

/// Whether a file can be written there, down to the disk.
pub(super) fn folder(path: &Path) -> Check {
    let name = "state folder";
    match state_dir::check(path) {
        Ok(()) => {}
        Err(StateDirError::Absent { .. }) => return absent(path),
        Err(error) => {
            let failure = Failure::of("", Exit::Refused, &error);
            return Check::failed(name, &failure, "name another folder with `--state-dir DIR`");
        }
    }
    match write_through(path) {
        Ok(()) => Check::ok(name, format!("{} is private and takes durable writes", path.display())),
        Err(error) => {
            let found = format!("{} takes no durable write: {error}", path.display());
            Check::fail(name, found, "check its mode, the space left and the mount options of its disk")
        }
    }
}

/// The first deployment makes the folder, if it may.
fn absent(path: &Path) -> Check {
    let above = path.ancestors().skip(1).find(|above| above.exists()).unwrap_or(Path::new("/"));
    let may = rustix::fs::access(above, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK);
    match may {
        Ok(()) => Check::ok("state folder", format!("{} is not there yet and can be made", path.display())),
        Err(error) => Check::fail(
            "state folder",
            format!("{} cannot be made in {}: {}", path.display(), above.display(), io::Error::from(error)),
            "name another folder with `--state-dir DIR`, or run as another user",
        ),
    }
}

fn write_through(path: &Path) -> io::Result<()> {
    let mut probe = tempfile::Builder::new().prefix(".write-test-").tempfile_in(path)?;
    probe.write_all(b"handover")?;
    probe.as_file().sync_all()?;
    fs::File::open(path)?.sync_all()
}

/// How much room is left where the folder is, or will be.
pub(super) fn space(path: &Path) -> Option<Check> {
    let there = path.ancestors().find(|above| above.exists())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(room(disk.f_bavail.saturating_mul(disk.f_frsize)))
}

pub(super) fn room(free: u64) -> Check {
    let name = "disk";
    let found = format!("{} MB free", free / 1_000_000);
    match free {
        ..NONE_LEFT => Check::fail(name, found, "make room: a journal that cannot be written stops a run"),
        NONE_LEFT..SCARCE => Check::warn(name, found, "`handover releases prune` removes old releases"),
        _ => Check::ok(name, found),
    }
}

/// Whether the journal opens, and when it was last written.
pub(super) async fn journal(path: &Path) -> (Check, Option<Timestamp>) {
    let past = match Past::open(path).await {
        Ok(past) => past,
        Err(failure) => return (Check::failed("journal", &failure, "put a backup in its place"), None),
    };
    match past.runs().await {
        Ok(runs) => {
            let last = runs.iter().map(|run| run.last).max();
            let found = match runs.len() {
                0 => "no run yet".to_owned(),
                1 => "1 run".to_owned(),
                runs => format!("{runs} runs"),
            };
            (Check::ok("journal", found), last)
        }
        Err(failure) => (Check::failed("journal", &failure, "put a backup in its place"), None),
    }
}
