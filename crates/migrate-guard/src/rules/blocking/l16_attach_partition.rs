use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L16",
    name: "attach-partition",
    level: Level::Error,
    condition: "A partition is attached that nothing proves to fit, or a new one beside a default partition that must be searched.",
    effect: "Readers and writers of the child, or of the default partition, wait while every row is read.",
    workaround: "Give the child a valid check constraint that says the same as the bound, and the default partition one that rules it out; then nothing is read.",
    bad: r"-- earlier:
CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_2026 (at date NOT NULL);
-- this migration:
ALTER TABLE logs ATTACH PARTITION logs_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
",
    good: r"-- earlier:
CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_rest PARTITION OF logs DEFAULT;
ALTER TABLE logs_rest ADD CONSTRAINT before_2026 CHECK (at < '2026-01-01');
-- this migration:
CREATE TABLE logs_2026 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::Attach | Cause::CreateBelow)) {
        let message = format!(
            "every row of {} is read, to prove that it is in the right partition, while all its readers and writers wait",
            claim.relation
        );
        findings.push(moment.at(claim, &message));
    }
}
