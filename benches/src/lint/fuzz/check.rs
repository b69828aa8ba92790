use handover_migrate_guard::{
    Layout, LintContext, Migration, MigrationLinter as _, MigrationSet, PostgresLinter, Report, Span,
};

/// Lints an input as the second of two files, the first being the same: it meets a schema that has what it speaks of.
///
/// # Errors
///
/// What the report should not have said.
pub(super) fn check(sql: &str) -> Result<(), String> {
    let migrations = ["1.sql", "2.sql"].map(|name| Migration::new(name, sql));
    let set = MigrationSet::new(Layout::Plain, migrations.into());
    let report = PostgresLinter::new().lint(&set, &LintContext::default());
    if report.files.len() != 2 {
        return Err(format!("{} files of 2", report.files.len()));
    }
    spans(&report).into_iter().try_for_each(|span| inside(sql, span))
}

fn spans(report: &Report) -> Vec<Span> {
    let files = report.files.iter();
    files
        .flat_map(|file| {
            let findings = file.findings.iter().flat_map(|finding| {
                let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span));
                std::iter::once(finding.span).chain(finding.also.iter().copied()).chain(edits)
            });
            let statements = file.statements.iter().flat_map(|statement| {
                let claims = statement.claims.iter().map(|claim| claim.span);
                std::iter::once(statement.span)
                    .chain(claims)
                    .chain(statement.changes.iter().map(|change| change.span))
            });
            findings.chain(statements)
        })
        .collect()
}

fn inside(sql: &str, span: Span) -> Result<(), String> {
    match sql.get(span.start..span.end) {
        Some(_) => Ok(()),
        None => Err(format!("{}..{} is not within the text", span.start, span.end)),
    }
}
