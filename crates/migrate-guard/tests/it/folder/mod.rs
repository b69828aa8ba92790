//! Migrations on disk.

mod finding;
mod reading;
mod tree;

use std::fmt::Write;
use std::path::Path;

use handover_core::Hint;
use handover_migrate_guard::{Folder, MigrationSet, MigrationSource, SourceError};
pub(crate) use tree::Tree;

/// The set, a line for each migration and each problem.
fn shown(set: &MigrationSet) -> String {
    let mut shown = format!("{}: {}\n", set.layout, set.reason);
    for migration in &set.migrations {
        writeln!(shown, "{} {} {:?}", migration.version, migration.path, migration.wrapping).unwrap();
    }
    for problem in &set.problems {
        writeln!(shown, "! {} {:?}", problem.path, problem.kind).unwrap();
    }
    shown
}

/// What is read of a folder of the tree, paths shown below the tree.
fn read(tree: &Tree, below: &str) -> String {
    outcome(tree, &folder(tree, below))
}

fn folder(tree: &Tree, below: &str) -> Folder {
    let path = if below.is_empty() { tree.path().to_owned() } else { tree.path().join(below) };
    Folder::new(path).shown_below(tree.path())
}

/// The set, or the error with its causes and its hint, the tree's own place left out.
fn outcome(tree: &Tree, folder: &Folder) -> String {
    let text = match folder.read() {
        Ok(set) => shown(&set),
        Err(error) => explained(&error),
    };
    let place = tree.path().to_string_lossy().into_owned();
    text.replace(&format!("{place}/"), "").replace(&place, "<tree>")
}

fn explained(error: &SourceError) -> String {
    let cause =
        std::error::Error::source(error).map(|cause| format!("\nbecause: {cause}")).unwrap_or_default();
    format!("{error}{cause}\nhint: {}", error.hint().unwrap_or_default())
}

/// A link, where the system has them.
fn link(from: &Path, to: &Path) {
    std::os::unix::fs::symlink(to, from).unwrap();
}
