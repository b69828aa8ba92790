use crate::Level;
use crate::Span;
use crate::ddl::Ddl;
use crate::linter::Finding;
use crate::rules::{Check, FileMoment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B13",
    name: "invalid-index-kept",
    level: Level::Warning,
    condition: "An index is built concurrently `IF NOT EXISTS`.",
    effect: "An invalid index that a build left behind counts as existing: it is kept, is written to, and is never used.",
    workaround: "`DROP INDEX CONCURRENTLY IF EXISTS` first, then build it without `IF NOT EXISTS`.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration, outside a transaction:
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration, outside a transaction:
DROP INDEX CONCURRENTLY IF EXISTS users_email;
CREATE INDEX CONCURRENTLY users_email ON users (email);
",
    source: "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    for (statement, ..) in moment.statements {
        let Ddl::CreateIndex(index) = &statement.ddl else { continue };
        if let Some(name) = &index.name
            && index.concurrently
            && index.if_not_exists
            && !is_dropped_before(moment, statement.span, name)
        {
            findings.push(
                moment.at(statement.span, format!("an invalid `{name}` from an earlier try would be kept")),
            );
        }
    }
}

fn is_dropped_before(moment: &FileMoment<'_>, place: Span, name: &str) -> bool {
    let before = moment.statements.iter().filter(|(statement, ..)| statement.span < place);
    before.into_iter().any(|(statement, ..)| {
        matches!(&statement.ddl, Ddl::Drop(drop) if drop.names.iter().any(|(_, dropped)| dropped.name == name))
    })
}
