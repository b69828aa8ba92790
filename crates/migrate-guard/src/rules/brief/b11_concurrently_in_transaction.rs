use crate::Level;
use crate::ddl::{Action, Ddl, Maintenance, ReindexKind};
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B11",
    name: "concurrently-in-transaction",
    level: Level::Error,
    condition: "Something is done concurrently, or that allows no transaction, and the file runs in one.",
    effect: "It fails: PostgreSQL refuses it within a transaction block (25001).",
    workaround: "Put it in a file of its own that the runner does not wrap in a transaction.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration:
CREATE INDEX CONCURRENTLY users_email ON users (email);
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration, outside a transaction:
CREATE INDEX CONCURRENTLY users_email ON users (email);
",
    source: "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    if moment.transaction.is_none() {
        return;
    }
    let text = moment.text(moment.statement.span);
    if let Some(words) = forbidden(&moment.statement.ddl).or_else(|| of_the_cluster(text)) {
        let finding = moment.here(format!("{words} fails, since this file runs in a transaction"));
        findings.push(finding.instead(moment.outside(&format!("{text};"))));
    }
}

/// What PostgreSQL's `PreventInTransactionBlock` refuses.
fn forbidden(ddl: &Ddl) -> Option<&'static str> {
    match ddl {
        Ddl::CreateIndex(index) if index.concurrently => Some("`CREATE INDEX CONCURRENTLY`"),
        Ddl::Drop(drop) if drop.concurrently => Some("`DROP INDEX CONCURRENTLY`"),
        Ddl::Reindex(reindex) if reindex.concurrently => Some("`REINDEX CONCURRENTLY`"),
        Ddl::Reindex(reindex) if is_wide(reindex.kind) => Some("`REINDEX` of a schema or a database"),
        Ddl::Maintenance(Maintenance::Vacuum { .. }) => Some("`VACUUM`"),
        Ddl::Maintenance(Maintenance::Cluster { table: None }) => Some("`CLUSTER` of all tables"),
        Ddl::AlterTable(alter) if alter.actions.iter().any(|(_, action)| is_concurrent_detach(action)) => {
            Some("`DETACH PARTITION CONCURRENTLY`")
        }
        _ => None,
    }
}

/// Statements of which nothing else is known here, by their first two words.
fn of_the_cluster(text: &str) -> Option<&'static str> {
    const REFUSED: [(&str, &str, &str); 5] = [
        ("CREATE", "DATABASE", "`CREATE DATABASE`"),
        ("DROP", "DATABASE", "`DROP DATABASE`"),
        ("CREATE", "TABLESPACE", "`CREATE TABLESPACE`"),
        ("DROP", "TABLESPACE", "`DROP TABLESPACE`"),
        ("ALTER", "SYSTEM", "`ALTER SYSTEM`"),
    ];
    let mut words = text.split_whitespace();
    let (first, second) = (words.next()?, words.next()?);
    let is = |(one, other, _): &&(&str, &str, &str)| {
        first.eq_ignore_ascii_case(one) && second.eq_ignore_ascii_case(other)
    };
    REFUSED.iter().find(is).map(|(.., shown)| *shown)
}

fn is_wide(kind: ReindexKind) -> bool {
    matches!(kind, ReindexKind::Schema | ReindexKind::Database | ReindexKind::System)
}

fn is_concurrent_detach(action: &Action) -> bool {
    matches!(action, Action::Detach { concurrently: true, .. })
}

#[cfg(test)]
mod tests {
    use crate::{InMemory, Layout, LintContext, MigrationLinter, MigrationSource, PostgresLinter};

    #[test]
    fn what_is_of_the_whole_cluster_fails_in_a_transaction() {
        let found = |sql: &str| {
            let set = InMemory::new().with_layout(Layout::Sqlx).with_file("1_a.sql", sql).read().unwrap();
            let report = PostgresLinter::new().lint(&set, &LintContext::default());
            report
                .files
                .iter()
                .flat_map(|file| &file.findings)
                .map(|finding| finding.rule)
                .collect::<Vec<_>>()
        };
        for refused in [
            "CREATE DATABASE a;",
            "ALTER SYSTEM SET work_mem = '1MB';",
            "DROP TABLESPACE a;",
            "drop  database a;",
        ] {
            assert_eq!(found(refused), ["B11"], "{refused}");
            assert_eq!(found(&format!("-- no-transaction\n{refused}")), [""; 0], "{refused}");
        }
    }
}
