use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B05",
    name: "drop-foreign-key",
    level: Level::Warning,
    condition: "A foreign key goes away.",
    effect: "Both tables are locked, the referenced one too: its readers and writers wait for a moment.",
    workaround: "Set a `lock_timeout`, and do it in a transaction of its own.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint CONSTRAINT notes_user REFERENCES users (id));
-- this migration:
ALTER TABLE notes DROP CONSTRAINT notes_user;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint CONSTRAINT positive CHECK (user_id > 0));
-- this migration:
ALTER TABLE notes DROP CONSTRAINT positive;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.brief(|cause| matches!(cause, Cause::DropForeignKey)) {
        let message = format!(
            "all readers and writers of {} wait for a moment, since a foreign key to it goes away",
            claim.relation
        );
        findings.push(moment.at(claim, &message));
    }
}
