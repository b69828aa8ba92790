//! Folders of migrations as sets that can be linted.

use std::path::Path;
use std::sync::Arc;

use handover_migrate_guard::{Layout, Migration, MigrationSet, Wrapping};

use crate::Failed;
use crate::truth::File;

/// The files that a truth speaks of, in its order.
pub(crate) fn of_truth(folder: &Path, truth: &[File]) -> Result<MigrationSet, Failed> {
    let migrations: Result<_, Failed> =
        truth.iter().map(|file| migration(folder, &file.path, &file.kind)).collect();
    Ok(MigrationSet::new(layout(truth.first()), migrations?))
}

/// Every file of a folder, in the order of the names.
pub(crate) fn plain(folder: &Path) -> Result<MigrationSet, Failed> {
    let mut names: Vec<_> =
        folder.read_dir()?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|end| end == "sql"));
    names.sort();
    let migrations: Result<_, Failed> = names.iter().map(|name| migration(folder, name, "plain")).collect();
    Ok(MigrationSet::new(Layout::Plain, migrations?))
}

fn layout(file: Option<&File>) -> Layout {
    match file.map(|file| &file.kind[..]) {
        Some("goose") => Layout::Goose,
        Some("prisma") => Layout::Prisma,
        Some("pop") => Layout::Pop,
        Some("sqlx") => Layout::Sqlx,
        _ => Layout::Plain,
    }
}

fn migration(folder: &Path, file: &str, kind: &str) -> Result<Migration, Failed> {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    let text = if kind == "pop" { text.replace("{{ index .Options \"Namespace\" }}", "auth") } else { text };
    let sql = if kind == "goose" { without_down(&text) } else { text.clone() };
    let outside = ["-- +goose NO TRANSACTION", "-- no-transaction"].iter().any(|mark| text.contains(mark));
    let wrapping = if outside { Wrapping::None } else { Wrapping::Transaction };
    Ok(Migration { sql: Arc::from(sql), wrapping, ..Migration::new(file, text) })
}

/// With the part that takes it back made blank.
fn without_down(text: &str) -> String {
    let (up, down) = text.split_once("-- +goose Down").unwrap_or((text, ""));
    up.to_owned() + &" ".repeat(text.len() - up.len() - down.len()) + &" ".repeat(down.len())
}
