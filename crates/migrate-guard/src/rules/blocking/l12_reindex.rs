use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L12",
    name: "reindex",
    level: Level::Error,
    condition: "An index is rebuilt, and not concurrently.",
    effect: "Writes to the table wait, and reads that would use the index, until it is built.",
    workaround: "`REINDEX … CONCURRENTLY`, outside a transaction.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_email ON users (email);
-- this migration:
REINDEX TABLE users;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_email ON users (email);
-- this migration, outside a transaction:
REINDEX TABLE CONCURRENTLY users;
",
    source: "https://www.postgresql.org/docs/current/sql-reindex.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::Reindex(false))) {
        let message = format!("indexes of {} are rebuilt while every write to it waits", claim.relation);
        findings.push(moment.at(claim, &message));
    }
}
