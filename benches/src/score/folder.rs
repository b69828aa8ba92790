//! Folders of migrations as sets that can be linted.

use std::collections::BTreeMap;
use std::path::Path;

use handover_migrate_guard::{Folder, Layout, MigrationSet, MigrationSource as _};

use crate::Failed;
use crate::truth::File;

/// What the corpora fill in where a template asks for it.
const VALUES: [(&str, &str); 1] = [("Namespace", "auth")];

/// The migrations that a truth speaks of, by the path it gives them, and the truth in their order.
pub(crate) fn of_truth(corpora: &Path, truth: Vec<File>) -> Result<(MigrationSet, Vec<File>), Failed> {
    let first = truth.first().ok_or("a truth without files")?;
    let up = if first.kind == "prisma" { 2 } else { 1 };
    let folder = Path::new(&first.path).ancestors().nth(up).unwrap_or_else(|| Path::new(""));
    let layout = first.kind.parse()?;
    let set = read(Folder::new(corpora.join(folder)).shown_below(corpora).with_layout(layout))?;
    let truth = in_order(&set, truth)?;
    Ok((set, truth))
}

/// Every migration of a folder.
pub(crate) fn read_as(folder: &Path, layout: Option<Layout>) -> Result<MigrationSet, Failed> {
    let source = Folder::new(folder).shown_below(folder);
    read(match layout {
        Some(layout) => source.with_layout(layout),
        None => source,
    })
}

fn read(folder: Folder) -> Result<MigrationSet, Failed> {
    let values = VALUES.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let set = folder.with_values(values).read()?;
    for problem in &set.problems {
        eprintln!("note: {}: {:?}", problem.path, problem.kind);
    }
    Ok(set)
}

/// The truth in the order of the set; an empty one for a file without.
pub(crate) fn in_order(set: &MigrationSet, truth: Vec<File>) -> Result<Vec<File>, Failed> {
    let mut by_path: BTreeMap<_, _> = truth.into_iter().map(|file| (file.path.clone(), file)).collect();
    let missing = |path: &str| File { path: path.to_owned(), kind: String::new(), stmts: Vec::new() };
    let of = |path: &String| by_path.remove(path).unwrap_or_else(|| missing(path));
    let truth = set.migrations.iter().map(|migration| &migration.path).map(of).collect();
    match by_path.into_keys().next() {
        Some(path) => Err(format!("{path} has a truth, and no runner would run it").into()),
        None => Ok(truth),
    }
}
