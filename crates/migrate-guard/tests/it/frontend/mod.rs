mod bodies;
mod corpus;
mod regress;
mod spans;
mod with;

use std::path::{Path, PathBuf};

/// The files of a folder beside the project, if it is at hand, by path.
fn shared(folder: &str) -> Option<Vec<PathBuf>> {
    let folder = PathBuf::from(std::env::var_os("HANDOVER_SHARED")?).join(folder);
    if !folder.is_dir() {
        return None;
    }
    let mut found = Vec::new();
    walk(&folder, &mut found);
    found.sort();
    Some(found)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("supabase+auth") {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            found.push(path);
        }
    }
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()
}

#[expect(clippy::print_stderr, reason = "a test that could not run says so")]
fn skipped(folder: &str) {
    eprintln!("skipped: HANDOVER_SHARED has no {folder}");
}
