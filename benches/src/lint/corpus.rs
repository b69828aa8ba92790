//! Real SQL to measure with.

use std::path::{Path, PathBuf};

use crate::Failed;

/// What tells where the corpora are.
const SHARED: &str = "HANDOVER_SHARED";
/// Nobody looks at it, not even here.
const HELD_OUT: &str = "supabase+auth";

/// A file and its text.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) path: PathBuf,
    pub(crate) sql: String,
}

/// The migrations of the corpora, in the order of their paths; none where the corpora are not here.
pub(crate) fn migrations() -> Result<Vec<Text>, Failed> {
    texts("corpus/migrations")
}

/// PostgreSQL's own regression tests; none where they are not here.
pub(crate) fn regress() -> Result<Vec<Text>, Failed> {
    texts("corpus/postgres-regress")
}

fn texts(below: &str) -> Result<Vec<Text>, Failed> {
    let folder = PathBuf::from(std::env::var_os(SHARED).unwrap_or_default()).join(below);
    if !folder.is_dir() {
        eprintln!("note: there is no {}: ${SHARED} says where it is", folder.display());
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    collect(&folder, &mut paths)?;
    paths.sort();
    let text = |path: PathBuf| {
        let bytes = std::fs::read(&path).map_err(|why| format!("{}: {why}", path.display()))?;
        Ok(Text { sql: String::from_utf8_lossy(&bytes).into_owned(), path })
    };
    paths.into_iter().map(text).collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Result<(), Failed> {
    for entry in folder.read_dir().map_err(|why| format!("{}: {why}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with(HELD_OUT) {
            collect(&path, into)?;
        } else if path.extension().is_some_and(|end| end == "sql") {
            into.push(path);
        }
    }
    Ok(())
}
