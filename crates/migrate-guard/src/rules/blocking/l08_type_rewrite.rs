use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L08",
    name: "type-rewrite",
    level: Level::Error,
    condition: "A column gets a type that is stored otherwise.",
    effect: "Reads and writes of the table wait until every row and every index is written anew; then the running release meets a type that it does not expect, and retained plans fail.",
    workaround: "Add a column of the new type, keep it up with a trigger, fill it in batches, move the readers over, then drop the old one in a later release.",
    bad: r"-- earlier:
CREATE TABLE orders (id int PRIMARY KEY, total int);
-- this migration:
ALTER TABLE orders ALTER COLUMN total TYPE bigint;
",
    good: r"-- earlier:
CREATE TABLE orders (id int PRIMARY KEY, code varchar(20));
-- this migration:
ALTER TABLE orders ALTER COLUMN code TYPE varchar(40);
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::RewriteType { .. })) {
        let Cause::RewriteType { from, to } = &claim.cause else { continue };
        let change = from.as_ref().map_or_else(|| format!("to {to}"), |from| format!("from {from} to {to}"));
        let message = format!(
            "{} is written anew, a column going {change}, while all its readers and writers wait",
            claim.relation
        );
        findings.push(moment.at(claim, &message));
    }
}
