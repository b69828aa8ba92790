use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B04",
    name: "create-table-fk",
    level: Level::Warning,
    condition: "A new table references one in use.",
    effect: "Writes to the referenced table wait for a moment, and everything queues while the lock itself is waited for.",
    workaround: "Set a `lock_timeout`; create the table without the foreign key, and add it `NOT VALID` in a transaction of its own.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint);
",
    source: "https://www.postgresql.org/docs/current/sql-createtable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.brief(|cause| matches!(cause, Cause::CreateReferencing)) {
        let message =
            format!("writes to {} wait for a moment, since a new table references it", claim.relation);
        findings.push(moment.at(claim, &message));
    }
}
