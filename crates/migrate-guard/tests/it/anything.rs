//! Any text has a report, and all of the report lies within the text.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use handover_migrate_guard::{
    InMemory, Layout, LintContext, Migration, MigrationLinter as _, MigrationSet, MigrationSource as _,
    PostgresLinter, Report, Span,
};
use proptest::prelude::*;
use proptest::sample::Index;

/// What is most likely to confuse somebody who reads SQL.
const PIECES: [&str; 40] = [
    "(",
    ")",
    "[",
    "]",
    ";",
    ",",
    "'",
    "\"",
    "$$",
    "$a$",
    "--",
    "/*",
    "*/",
    "\\",
    "\n",
    "\r\n",
    "\0",
    "\u{feff}",
    "ß",
    "E'\\",
    "U&\"",
    "::",
    ":=",
    "..",
    "NULL",
    "DO $$ BEGIN ",
    " END $$",
    "BEGIN",
    "END",
    "CASE",
    "WHEN",
    "EXECUTE format('%I', ",
    "EXECUTE $x$",
    "GENERATED ALWAYS AS (",
    "COPY t FROM stdin;\n",
    "\\.\n",
    "\\gexec\n",
    ":var",
    "SELECT ",
    " UNION ",
];

/// Texts that something was once wrong with.
const ONCE: [&str; 5] = [
    "(WITH a AS (SELECT 1) INSERT INTO t VALUES (2))",
    "DO $q$ BEGIN EXECUTE $x$CREATE FUALTER TABLE t; select a$x$; END $q$",
    "CREATE TABLE c (a int CHECK (a <> 0)) INHERITS (b, c)",
    "CREATE TABLE b () INHERITS (c); CREATE TABLE c (a int CHECK (a <> 0)) INHERITS (b)",
    "CREATE TABLE c PARTITION OF c (CHECK (a <> 0)) DEFAULT",
];

#[test]
fn what_once_broke_the_linter_has_a_report() {
    for sql in ONCE {
        judge(sql);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_has_a_report(text in "\\PC{0,80}", piece in 0..PIECES.len()) {
        judge(&format!("{text}{}{text}", PIECES[piece]));
    }

    #[test]
    fn a_broken_statement_has_a_report(
        case in any::<Index>(),
        strokes in prop::collection::vec((any::<Index>(), 0..PIECES.len(), 0..20_usize), 0..5),
    ) {
        let case = &cases()[case.index(cases().len())];
        judge(&broken(case, &strokes));
    }
}

/// The cases of `tests/cases`, each with its history.
fn cases() -> &'static [String] {
    static CASES: OnceLock<Vec<String>> = OnceLock::new();
    CASES.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> =
            files.filter(|file| file.extension().is_some_and(|end| end == "sql")).collect();
        files.sort();
        let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
        texts.flat_map(|text| text.split("-- ####").map(str::to_owned).collect::<Vec<_>>()).collect()
    })
}

/// At each stroke some characters of the text are replaced by a piece.
fn broken(sql: &str, strokes: &[(Index, usize, usize)]) -> String {
    let mut characters: Vec<char> = sql.chars().collect();
    for (place, piece, cut) in strokes {
        let from = place.index(characters.len() + 1);
        let to = characters.len().min(from + cut);
        characters.splice(from..to, PIECES[*piece].chars());
    }
    characters.into_iter().collect()
}

/// Lints a text after itself, so that it meets what it speaks of.
fn judge(sql: &str) {
    let migrations = ["1.sql", "2.sql"].map(|name| Migration::new(name, sql));
    let set = MigrationSet::new(Layout::Plain, migrations.into());
    let report = PostgresLinter::new().lint(&set, &LintContext::default());
    assert_eq!(report.files.len(), 2, "{sql}");
    for span in spans(&report) {
        assert!(sql.get(span.start..span.end).is_some(), "{span:?} is not within {sql}");
    }
}

fn spans(report: &Report) -> Vec<Span> {
    let mut spans = Vec::new();
    for file in &report.files {
        for statement in &file.statements {
            spans.push(statement.span);
            spans.extend(statement.claims.iter().map(|claim| claim.span));
            spans.extend(statement.changes.iter().map(|change| change.span));
        }
        for finding in &file.findings {
            spans.push(finding.span);
            spans.extend(&finding.also);
            spans.extend(finding.fix.iter().flat_map(|fix| &fix.edits).map(|(span, _)| *span));
        }
    }
    spans
}

/// A thread of the standard library has two megabytes; the test asks for less.
#[test]
fn functions_that_call_one_another_and_nest_deep_do_not_overflow_the_stack() {
    let (open, close) = ("IF a THEN BEGIN ".repeat(30), "END; END IF; ".repeat(30));
    let deep = format!("a := {}1{};", "(".repeat(150), ")".repeat(150));
    let calls_next = |place| {
        let body = format!("BEGIN {open} {deep} PERFORM f{}(); {close} END", place + 1);
        format!("CREATE FUNCTION f{place}() RETURNS void LANGUAGE plpgsql AS $$ {body} $$;\n")
    };
    let sql = (0..20).map(calls_next).collect::<String>() + "SELECT f0();";
    let set = MigrationSet::new(Layout::Plain, vec![Migration::new("1.sql", sql)]);
    let lint = move || PostgresLinter::new().lint(&set, &LintContext::default()).files.len();
    let thread = std::thread::Builder::new().stack_size(3 << 19).spawn(lint).unwrap();
    assert_eq!(thread.join().unwrap(), 1);
}

/// What follows a string with escapes is seen, however the string is written.
#[test]
fn a_string_hides_nothing_that_follows_it() {
    for string in [r"E'Don''t use \'this\''", "E'a'\n'\\''", r"E'\\'", r"E'a''b \'c\' d'"] {
        let sql = format!("SELECT {string}; DROP TABLE u; --';");
        let set = InMemory::new().with_file("1_a.sql", sql.as_str()).read().unwrap();
        let report = PostgresLinter::new().lint(&set, &LintContext::default());
        let rules: Vec<_> = report.files[0].findings.iter().map(|finding| finding.rule).collect();
        assert!(rules.contains(&"C03"), "{sql}: {rules:?}");
    }
}
