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
    if let Some(words) = forbidden(&moment.statement.ddl) {
        let finding = moment.here(format!("{words} fails, since this file runs in a transaction"));
        findings.push(finding.instead(moment.outside(&format!("{};", moment.text(moment.statement.span)))));
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
        Ddl::Other(words) => of_the_cluster(words),
        _ => None,
    }
}

/// Statements of which nothing else is known here.
fn of_the_cluster(words: &str) -> Option<&'static str> {
    const REFUSED: [(&str, &str); 4] = [
        ("CREATE DATABASE", "`CREATE DATABASE`"),
        ("CREATE TABLESPACE", "`CREATE TABLESPACE`"),
        ("DROP TABLESPACE", "`DROP TABLESPACE`"),
        ("ALTER SYSTEM", "`ALTER SYSTEM`"),
    ];
    REFUSED.iter().find(|(begin, _)| words.starts_with(begin)).map(|(_, shown)| *shown)
}

fn is_wide(kind: ReindexKind) -> bool {
    matches!(kind, ReindexKind::Schema | ReindexKind::Database | ReindexKind::System)
}

fn is_concurrent_detach(action: &Action) -> bool {
    matches!(action, Action::Detach { concurrently: true, .. })
}
