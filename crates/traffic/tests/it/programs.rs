//! Programs of other people's that tests start, or say that they are missing.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// No test waits longer than this for anything.
const LIMIT: Duration = Duration::from_mins(1);
/// Set by `cargo xtask test`, which brings every program: then a missing one is a failure.
const ALL_THERE: &str = "HANDOVER_TEST_NO_SKIP";

/// Where a program is; without it the test is skipped, and says so.
pub(crate) fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let found = folders.map(|folder| folder.join(program)).find(|file| file.is_file());
    if found.is_none() {
        skip(&format!("{program} is not installed"));
    }
    found
}

/// Says that the test could not be made; a line of its own, since what a test prints is only shown when it fails.
pub(crate) fn skip(why: &str) {
    assert!(std::env::var_os(ALL_THERE).is_none(), "{why}");
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {why}; `cargo xtask test` brings what it needs");
}

/// Waits until something is so; asks at once, and then every few milliseconds.
#[expect(clippy::disallowed_methods, reason = "other processes do not share a paused clock")]
pub(crate) fn until<T>(what: &str, mut so: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = so() {
            return found;
        }
        assert!(begun.elapsed() < LIMIT, "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
