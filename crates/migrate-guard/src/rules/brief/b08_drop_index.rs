use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B08",
    name: "drop-index",
    level: Level::Warning,
    condition: "An index of a table in use is dropped, and not concurrently.",
    effect: "Reads and writes of the table wait for a moment, and everything queues while the lock itself is waited for.",
    workaround: "`DROP INDEX CONCURRENTLY`, outside a transaction.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_email ON users (email);
-- this migration:
DROP INDEX users_email;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_email ON users (email);
-- this migration, outside a transaction:
DROP INDEX CONCURRENTLY users_email;
",
    source: "https://www.postgresql.org/docs/current/sql-dropindex.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.brief(|cause| matches!(cause, Cause::DropIndex(false))) {
        let message = format!(
            "all readers and writers of {} wait for a moment while its index is dropped",
            claim.relation
        );
        findings.push(moment.at(claim, &message));
    }
}
