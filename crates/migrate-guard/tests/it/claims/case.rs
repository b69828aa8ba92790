use std::path::{Path, PathBuf};

use handover_migrate_guard::ddl::Statement;
use handover_migrate_guard::statements;

/// A history and what is judged after it.
#[derive(Debug)]
pub(super) struct Case {
    /// What is there.
    pub(super) history: Vec<Statement>,
    /// What is judged.
    pub(super) judged: Vec<Statement>,
}

/// The cases of a family, in order.
pub(super) fn cases(family: &str) -> Vec<Case> {
    let text = read(family, "sql");
    let parts = text.split("-- ####\n").filter_map(|case| case.split_once("-- ====\n"));
    parts.map(|(history, judged)| Case { history: statements(history), judged: statements(judged) }).collect()
}

/// A file of `tests/cases`.
pub(super) fn read(family: &str, extension: &str) -> String {
    let path = folder().join(family).with_extension(extension);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}
