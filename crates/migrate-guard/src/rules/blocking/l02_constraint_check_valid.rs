use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::not_valid;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L02",
    name: "constraint-check-valid",
    level: Level::Error,
    condition: "A check constraint is added and proven at once, or one is validated by a statement that locks more.",
    effect: "Reads and writes of the table wait while every row is checked.",
    workaround: "Add it `NOT VALID`: new rows are held to it from then on. Prove the old rows with `VALIDATE CONSTRAINT` in a later transaction; that blocks neither reads nor writes.",
    bad: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);
-- this migration:
ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0);
",
    good: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);
-- this migration:
ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0) NOT VALID;
-- this migration:
ALTER TABLE orders VALIDATE CONSTRAINT orders_total_positive;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::ProveCheck | Cause::Validate)) {
        let message =
            format!("every row of {} is checked while all its readers and writers wait", claim.relation);
        let finding = moment.at(claim, &message);
        findings.push(not_valid::instead(moment, claim.span, finding));
    }
}
