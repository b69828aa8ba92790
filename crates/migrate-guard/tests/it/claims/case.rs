use std::path::{Path, PathBuf};

use handover_migrate_guard::ddl::Statement;
use handover_migrate_guard::statements;

/// A history and what is judged after it.
#[derive(Debug)]
pub(super) struct Case {
    /// What is there.
    pub(super) history: Vec<Statement>,
    /// Its text.
    pub(super) history_sql: String,
    /// What is judged.
    pub(super) judged: Vec<Statement>,
    /// Its text.
    pub(super) judged_sql: String,
}

/// The cases of a family, in order.
pub(super) fn cases(family: &str) -> Vec<Case> {
    let text = read(family, "sql");
    let parts = text.split("-- ####\n").filter_map(|case| case.split_once("-- ====\n"));
    parts.map(|(history, judged)| case(history, judged)).collect()
}

fn case(history: &str, judged: &str) -> Case {
    Case {
        history: statements(history),
        history_sql: history.to_owned(),
        judged: statements(judged),
        judged_sql: judged.to_owned(),
    }
}

/// A file of `tests/cases`.
pub(super) fn read(family: &str, extension: &str) -> String {
    let path = folder().join(family).with_extension(extension);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}
