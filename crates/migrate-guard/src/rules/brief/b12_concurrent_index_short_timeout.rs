use super::bounds::Bounds;
use crate::Level;
use crate::ddl::Ddl;
use crate::linter::Finding;
use crate::rules::{Check, FileMoment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B12",
    name: "concurrent-index-short-timeout",
    level: Level::Warning,
    condition: "An index is built concurrently under a short `lock_timeout` or `statement_timeout`.",
    effect: "The build waits for every transaction that began before it; giving up there leaves an invalid index behind.",
    workaround: "Lift both for this statement (`SET lock_timeout = 0`): waiting harms nobody here, since reads and writes go on.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration, outside a transaction:
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY users_email ON users (email);
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration, outside a transaction:
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY users_email ON users (email);
",
    source: "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    let mut bounds = Bounds::default();
    for (statement, _, transaction) in moment.statements {
        bounds.take(statement, *transaction);
        if !matches!(&statement.ddl, Ddl::CreateIndex(index) if index.concurrently) {
            continue;
        }
        for (name, value) in bounds.held(*transaction) {
            let message = format!("this build gives up after {name} = {value}, and leaves an invalid index");
            findings.push(moment.at(statement.span, message));
        }
    }
}
