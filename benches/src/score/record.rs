//! Runs migrations on a PostgreSQL, and writes down what each statement did.

use std::collections::BTreeMap;
use std::ops::Range;

use handover_testing::Postgres;
use handover_testing::truth::{Observed, Touched, Tracer};

use crate::Failed;
use crate::truth::{Class, File, Stmt, Tab, blocks};

/// What is run: a file's name, its text, and where its statements are.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) file: String,
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) statements: Vec<Range<usize>>,
}

/// Runs the files of a project one after another in an empty database.
pub(crate) fn record(server: &Postgres, scripts: &[Script]) -> Result<Vec<File>, Failed> {
    let mut tracer = Tracer::connect(&server.url());
    tracer.reset();
    scripts.iter().map(|script| run(&mut tracer, script)).collect()
}

fn run(tracer: &mut Tracer, script: &Script) -> Result<File, Failed> {
    tracer.begin_file();
    let mut stmts = Vec::new();
    for range in &script.statements {
        let sql = script.text.get(range.clone()).ok_or_else(|| format!("{}: no such bytes", script.file))?;
        if !controls_a_transaction(sql) {
            stmts.push(stmt(&script.text, range, tracer.run(sql)));
        }
    }
    Ok(File { path: script.file.clone(), kind: script.kind.clone(), stmts })
}

/// Each statement has its own transaction here, so what the file says of transactions is passed over.
fn controls_a_transaction(sql: &str) -> bool {
    let first = first_words(sql, 1).to_ascii_uppercase();
    matches!(
        &first[..],
        "BEGIN" | "COMMIT" | "ROLLBACK" | "START" | "END" | "SAVEPOINT" | "RELEASE" | "ABORT"
    )
}

fn first_words(sql: &str, count: usize) -> String {
    sql.split_whitespace().take(count).collect::<Vec<_>>().join(" ")
}

fn stmt(text: &str, range: &Range<usize>, observed: Observed) -> Stmt {
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let truth = observed.error.is_none().then(|| class(&observed));
    Stmt {
        l0: line(range.start),
        l1: line(range.end),
        o0: range.start,
        o1: range.end,
        node: first_words(&text[range.clone()], 2),
        tabs: tabs(observed.touched),
        truth,
        contract: observed.contract.into_iter().map(|(kind, name)| (kind.to_owned(), name)).collect(),
        notx: observed.outside,
        error: observed.error,
    }
}

fn tabs(touched: BTreeMap<String, Touched>) -> BTreeMap<String, Tab> {
    let tables = touched.into_iter().filter(|(_, touched)| matches!(touched.kind, 'r' | 'p' | 'm'));
    let tab = |touched: Touched| Tab {
        lock: touched.lock.map(str::to_owned),
        work: ["rewrite", "scan", "index", "dml"]
            .into_iter()
            .filter(|work| touched.work.contains(work))
            .map(str::to_owned)
            .collect(),
        kind: Some(touched.kind.to_string()),
    };
    tables.map(|(name, touched)| (name, tab(touched))).collect()
}

fn class(observed: &Observed) -> Class {
    let blocking = observed
        .touched
        .values()
        .filter(|touched| matches!(touched.kind, 'r' | 'p' | 'm') && touched.lock.is_some_and(blocks));
    let long = |touched: &Touched| touched.work.iter().any(|work| *work != "dml");
    blocking
        .map(|touched| if long(touched) { Class::Long } else { Class::Brief })
        .max()
        .unwrap_or(Class::None)
}
