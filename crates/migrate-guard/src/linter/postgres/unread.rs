use std::collections::HashSet;

use crate::ddl::{Ddl, OpaqueReason, Statement};
use crate::{Migration, Opaque, Span};

/// Gives statements what was not read of the file: template values without a value, once for each name, and what stands
/// between statements and is not SQL. Where nothing else stands, that is a statement itself.
pub(super) fn attach(migration: &Migration, statements: &mut Vec<Statement>) {
    if let Some((span, _)) = migration.left_out.first().filter(|_| statements.is_empty()) {
        statements.push(Statement { span: *span, ddl: Ddl::Opaque, opaque: Vec::new() });
    }
    let mut names = HashSet::new();
    let fresh = migration.unfilled.iter().filter(|(_, name)| names.insert(name.as_str()));
    let values = fresh.map(|(span, name)| (*span, OpaqueReason::Template(name.clone())));
    let others = migration.left_out.iter().map(|(span, what)| (*span, OpaqueReason::LeftOut(what.clone())));
    for (span, reason) in values.chain(others) {
        if let Some(statement) = nearest(statements, span) {
            statement.opaque.push(Opaque { span, reason });
        }
    }
}

/// The statement that ends after `span` begins, else the last.
fn nearest(statements: &mut [Statement], span: Span) -> Option<&mut Statement> {
    let next = statements.partition_point(|statement| statement.span.end <= span.start);
    let last = statements.len().checked_sub(1)?;
    statements.get_mut(next.min(last))
}

#[cfg(test)]
mod tests {
    use crate::{InMemory, Layout, LintContext, MigrationLinter, MigrationSource, PostgresLinter};

    /// What is said of a file, each with its place.
    fn said(layout: Layout, name: &str, sql: &str) -> String {
        let set = InMemory::new().with_layout(layout).with_file(name, sql).read().unwrap();
        let report = PostgresLinter::new().lint(&set, &LintContext::default());
        let findings = report.files.iter().flat_map(|file| &file.findings);
        let lines = findings.map(|finding| {
            format!(
                "{} {:?}: {}\n",
                finding.rule,
                &sql[finding.span.start..finding.span.end],
                finding.message
            )
        });
        lines.collect()
    }

    #[test]
    fn a_value_that_is_missing_is_said_once() {
        let sql = "CREATE TABLE ${schema}.a (b int);\nCREATE TABLE ${schema}.c (d int);";
        insta::assert_snapshot!(said(Layout::Flyway, "V1__a.sql", sql), @r#"L20 "${schema}": no value was given for `schema`"#);
    }

    #[test]
    fn what_stands_between_no_statements_is_said_too() {
        insta::assert_snapshot!(said(Layout::Plain, "a.sql", "\\i other.sql\n"), @r#"L20 "\\i other.sql": `\i` runs another file"#);
    }

    #[test]
    fn what_stands_between_statements_is_said() {
        let sql = "\\connect shop\nSELECT 1;\n\\i other.sql\n";
        insta::assert_snapshot!(said(Layout::Plain, "a.sql", sql), @r#"
        L20 "\\connect shop": `\connect` goes on in another database or as another role
        L20 "\\i other.sql": `\i` runs another file
        "#);
    }
}
