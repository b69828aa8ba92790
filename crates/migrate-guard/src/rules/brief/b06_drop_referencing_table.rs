use crate::Level;
use crate::claim::Cause;
use crate::ddl::{Ddl, ObjectKind};
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B06",
    name: "drop-referencing-table",
    level: Level::Warning,
    condition: "A table that references others is dropped.",
    effect: "The referenced tables are locked too: their readers and writers wait for a moment.",
    workaround: "Drop its foreign keys first, each in a transaction of its own with a `lock_timeout`; then the table.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
-- this migration:
DROP TABLE notes;
",
    good: r"-- earlier:
CREATE TABLE notes (id bigint PRIMARY KEY);
-- this migration:
DROP TABLE notes;
",
    source: "https://www.postgresql.org/docs/current/sql-droptable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    if !matches!(&moment.statement.ddl, Ddl::Drop(drop) if drop.kind == ObjectKind::Table) {
        return;
    }
    for claim in moment.brief(|cause| matches!(cause, Cause::DropForeignKey)) {
        let message = format!(
            "all readers and writers of {} wait for a moment, since a table that references it goes away",
            claim.relation
        );
        findings.push(moment.at(claim, &message));
    }
}
