use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::using_index;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L04",
    name: "constraint-unique",
    level: Level::Error,
    condition: "A unique constraint is added, and its index built with it.",
    effect: "Reads and writes of the table wait until the index is built.",
    workaround: "Build a unique index concurrently first, outside a transaction; then make it the constraint with `ADD CONSTRAINT … UNIQUE USING INDEX`, which takes a moment.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration:
ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration, outside a transaction:
CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);
-- this migration:
ALTER TABLE users ADD CONSTRAINT users_email UNIQUE USING INDEX users_email;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::BuildUnique)) {
        let message =
            format!("a unique index is built on {} while all its readers and writers wait", claim.relation);
        let finding = moment.at(claim, &message);
        findings.push(using_index::instead(moment, claim.span, finding));
    }
}
