//! The catalog after each statement of many histories is what PostgreSQL's own is after it.
//!
//! Every history is run on a real server, and applied to a catalog. After each statement the server's export and the
//! catalog's own file are made the same way round and compared; whether the statement was refused is compared as well.
//! The first statement after which they differ is shown, with each difference on a line.

mod corpus;
mod live;
mod normal;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use handover_migrate_guard::catalog::{Applied, Catalog, SearchPath};
use handover_migrate_guard::ddl::Statement;
use handover_migrate_guard::statements;
use handover_testing::{Postgres, found};

use self::live::{After, Live};

#[test]
fn the_catalog_is_what_postgresql_has_after_each_statement() {
    let histories = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/agreement/histories");
    let mut files: Vec<_> = histories.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    agree(&files.iter().map(History::read).collect::<Vec<_>>());
}

/// A schema's history: statements in order.
struct History {
    name: String,
    sql: String,
    statements: Vec<Statement>,
}

impl History {
    fn read(file: &PathBuf) -> Self {
        let sql = std::fs::read_to_string(file).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        Self { name, statements: statements(&sql), sql }
    }

    fn text(&self, at: usize) -> &str {
        let span = self.statements[at].span;
        &self.sql[span.start..span.end]
    }
}

fn agree(histories: &[History]) {
    let (Some(postgres), Some(psql)) = (Postgres::start(), found("psql")) else { return };
    let live = Live { psql, url: postgres.url() };
    let only = std::env::var("HANDOVER_HISTORY").unwrap_or_default();
    let mut broken = String::new();
    for (number, history) in histories.iter().enumerate().filter(|(_, history)| history.name.contains(&only))
    {
        if let Err(why) = follow(history, &live, number) {
            writeln!(broken, "\n=== {}{why}", history.name).unwrap();
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

/// Both ways through a history, until they part.
fn follow(history: &History, live: &Live, number: usize) -> Result<(), String> {
    let own = (0..history.statements.len()).map(|at| (history.text(at), true));
    let texts: Vec<_> = std::iter::once(("SELECT 1", true)).chain(own).collect();
    let answers = live.run(&format!("history_{number}"), &texts);
    let mut catalog = Catalog::from_json(&answers[0].catalog).unwrap();
    for (at, (statement, after)) in history.statements.iter().zip(&answers[1..]).enumerate() {
        let applied = catalog.apply(statement, &SearchPath::default(), at);
        let differences = differences(&catalog, applied, after);
        if !differences.is_empty() {
            let of = history.statements.len();
            return Err(format!(
                ", after statement {} of {of}:\n{}\n{differences}",
                at + 1,
                history.text(at)
            ));
        }
    }
    assert_eq!(answers.len(), texts.len(), "{}: the server did not run all", history.name);
    Ok(())
}

fn differences(catalog: &Catalog, applied: Applied, after: &After) -> String {
    let mut lines = match (applied, &after.error) {
        (Applied::Done, Some(error)) => format!("PostgreSQL refuses it: {error}\n"),
        (Applied::Refused(why), None) => format!("PostgreSQL takes it, the catalog does not: {why}\n"),
        _ => String::new(),
    };
    lines += &normal::differences(&after.catalog, &catalog.to_json());
    lines
}
