use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::not_valid;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L03",
    name: "constraint-fk-valid",
    level: Level::Error,
    condition: "A foreign key is added and proven at once.",
    effect: "Writes to both tables wait while every row is looked up in the referenced table.",
    workaround: "Add it `NOT VALID`: new rows are held to it from then on. Prove the old rows with `VALIDATE CONSTRAINT` in a later transaction; that blocks neither reads nor writes.",
    bad: r"-- earlier:
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
-- this migration:
ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id);
",
    good: r"-- earlier:
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
-- this migration:
ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
-- this migration:
ALTER TABLE orders VALIDATE CONSTRAINT orders_customer;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::ProveForeignKey)) {
        let message = format!(
            "every row of {} is looked up in the table it references, while writes to both wait",
            claim.relation
        );
        let finding = moment.at(claim, &message);
        findings.push(not_valid::instead(moment, claim.span, finding));
    }
}
