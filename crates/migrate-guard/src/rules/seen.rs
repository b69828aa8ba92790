//! What a rule sees of a file, for the rules' own tests.

use crate::{InMemory, Layout, Level, LintContext, MigrationLinter, MigrationSource, PostgresLinter};

/// The lines of a file, applied after nothing and by no known runner, on which a rule sees something.
#[track_caller]
pub(crate) fn lines(rule: &str, sql: &str) -> Vec<usize> {
    after("SELECT 1;", rule, sql)
}

/// The same, with a file that was applied before.
#[track_caller]
pub(crate) fn after(earlier: &str, rule: &str, sql: &str) -> Vec<usize> {
    let files = InMemory::new().with_layout(Layout::Plain).with_file("1_a.sql", earlier);
    let set = files.with_file("2_b.sql", sql).read().unwrap();
    let context = LintContext { least: Level::Note, ..LintContext::default() };
    let report = PostgresLinter::new().lint(&set, &context);
    let findings = report.files.iter().filter(|file| file.path == "2_b.sql").flat_map(|file| &file.findings);
    let own = findings.filter(|finding| finding.rule == rule);
    own.map(|finding| sql[..finding.span.start].matches('\n').count() + 1).collect()
}
