//! Nothing that takes long is without a finding.

use std::collections::BTreeSet;

use handover_migrate_guard::claim::{Cause, Claim};
use handover_migrate_guard::{
    Age, Baseline, Layout, LintContext, Migration, MigrationLinter as _, MigrationSet, PostgresLinter, Span,
    StatementReport,
};

use super::FAMILIES;
use super::case::{Case, cases};

#[test]
fn each_statement_that_takes_long_has_a_finding() {
    let without: BTreeSet<String> =
        FAMILIES.iter().flat_map(|family| cases(family)).flat_map(|case| silent(&case)).collect();
    insta::assert_snapshot!(without.into_iter().collect::<Vec<_>>().join("\n"), @"REFRESH MATERIALIZED VIEW CONCURRENTLY m");
}

/// The judged statements that are long and of which no error is found.
fn silent(case: &Case) -> Vec<String> {
    let files = [&case.history_sql, &case.judged_sql].map(|sql| Migration::new("1.sql", &sql[..]));
    let mut context = LintContext::default();
    context.baseline = Baseline::From(1);
    let report = PostgresLinter::new().lint(&MigrationSet::new(Layout::Plain, files.into()), &context);
    let Some(file) = report.files.first() else { return Vec::new() };
    let found = |span: Span| {
        let mut places = file.findings.iter().flat_map(|finding| finding.also.iter().chain([&finding.span]));
        places.any(|place| span.contains(*place))
    };
    let silent = file.statements.iter().filter(|statement| is_long(statement) && !found(statement.span));
    silent.map(|statement| case.judged_sql[statement.span.start..statement.span.end].to_owned()).collect()
}

/// Under a lock that others wait for, work that grows with a table that was there. An index that keeps its file is none.
fn is_long(statement: &StatementReport) -> bool {
    let long = |claim: &Claim| {
        let grows = claim.lock.blocks() && claim.work.is_long() && claim.cause != Cause::KeepIndex;
        grows && claim.age == Age::Old
    };
    statement.claims.iter().any(long)
}
