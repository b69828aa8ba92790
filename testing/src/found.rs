use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Set by `cargo xtask test`, which brings every program: then a missing one is a failure.
const ALL_THERE: &str = "HANDOVER_TEST_NO_SKIP";
/// Where Debian keeps the servers of each version of PostgreSQL.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Where a program is; without it the test is skipped, and says so.
pub fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]).chain(versions());
    let found = folders.map(|folder| folder.join(program)).find(|file| file.is_file());
    if found.is_none() {
        skip(&format!("{program} is not installed"));
    }
    found
}

/// Says that the test could not be made; a line of its own, since what a test prints is only shown when it fails.
pub fn skip(why: &str) {
    assert!(std::env::var_os(ALL_THERE).is_none(), "{why}");
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {why}; `cargo xtask test` brings what it needs");
}

/// The folders of PostgreSQL's versions, newest first.
fn versions() -> impl Iterator<Item = PathBuf> {
    let mut folders: Vec<_> = Path::new(VERSIONS).read_dir().into_iter().flatten().flatten().collect();
    folders.sort_by_key(|folder| folder.file_name().to_string_lossy().parse().unwrap_or(0_u32));
    folders.into_iter().rev().map(|folder| folder.path().join("bin"))
}
