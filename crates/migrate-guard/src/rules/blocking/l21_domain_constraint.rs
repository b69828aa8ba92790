use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L21",
    name: "domain-constraint",
    level: Level::Error,
    condition: "A constraint of a domain is proven in every table that has a column of it.",
    effect: "Writes to all those tables wait while every row of each is read.",
    workaround: "Add it `NOT VALID`: new values are held to it from then on. To prove the old ones blocks writes just the same, whenever it is done; a check constraint of the table, added `NOT VALID` and validated later, does not.",
    bad: r"-- earlier:
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE orders (id bigint PRIMARY KEY, total positive);
-- this migration:
ALTER DOMAIN positive ADD CONSTRAINT not_huge CHECK (VALUE < 1000000);
",
    good: r"-- earlier:
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE orders (id bigint PRIMARY KEY, total positive);
-- this migration:
ALTER DOMAIN positive ADD CONSTRAINT not_huge CHECK (VALUE < 1000000) NOT VALID;
",
    source: "https://www.postgresql.org/docs/current/sql-alterdomain.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::ProveDomain)) {
        let message = format!("every row of {} is read while all its writers wait", claim.relation);
        findings.push(moment.at(claim, &message));
    }
}
