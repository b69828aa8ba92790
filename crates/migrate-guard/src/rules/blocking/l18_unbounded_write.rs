use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L18",
    name: "unbounded-write",
    level: Level::Warning,
    condition: "All rows of a table, or who knows how many, are updated or deleted in one statement.",
    effect: "Every row that is written stays locked until the transaction ends, and the table doubles for an update.",
    workaround: "Write in batches, each in a transaction of its own: `UPDATE … WHERE id IN (SELECT id … LIMIT 1000 FOR UPDATE SKIP LOCKED)`, in a step apart from changes to the schema.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, active boolean);
INSERT INTO users VALUES (1, NULL);
-- this migration:
UPDATE users SET active = true;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, active boolean);
-- this migration:
UPDATE users SET active = true WHERE id IN (SELECT id FROM users WHERE active IS NULL LIMIT 1000 FOR UPDATE SKIP LOCKED);
",
    source: "https://www.postgresql.org/docs/current/explicit-locking.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.claims(|cause| matches!(cause, Cause::Write { unbounded: true })) {
        let message = format!(
            "rows of {} are written without a bound, and stay locked to the end of the transaction",
            claim.relation
        );
        findings.push(moment.at(claim, &message));
    }
}
