use crate::Level;
use crate::Span;
use crate::claim::{Cause, RelationKind};
use crate::ddl::Ddl;
use crate::linter::{Finding, Fix};
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L01",
    name: "index-not-concurrent",
    level: Level::Error,
    condition: "An index is built on a table in use, and not concurrently.",
    effect: "Every write to the table waits until the index is built, which grows with the table.",
    workaround: "Build it with `CREATE INDEX CONCURRENTLY`, outside a transaction, in a file of its own. A build that was cut off leaves an invalid index: drop it before trying again. On a partitioned table: build it on `ONLY` the parent, concurrently on each partition, and attach those.",
    bad: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);
-- this migration:
CREATE INDEX orders_customer ON orders (customer_id);
",
    good: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);
-- this migration, outside a transaction:
CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);
",
    source: "https://www.postgresql.org/docs/current/sql-createindex.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::BuildIndex)) {
        let message = format!("an index is built on {} while every write to it waits", claim.relation);
        let finding = moment.at(claim, &message);
        findings.push(match &moment.statement.ddl {
            Ddl::CreateIndex(index) if claim.kind != RelationKind::Partitioned => {
                concurrently(moment, finding, index.after_index)
            }
            _ => finding,
        });
    }
}

/// Within a transaction the word alone would make the migration fail.
fn concurrently(moment: &Moment<'_>, finding: Finding, after_index: Span) -> Finding {
    let statement = moment.statement.span;
    let place = Span::new(after_index.end, after_index.end);
    let (before, after) = (Span::new(statement.start, place.start), Span::new(place.end, statement.end));
    let rewrite = format!("{} CONCURRENTLY{};", moment.text(before), moment.text(after));
    match moment.transaction {
        Some(_) => finding.instead(moment.outside(&rewrite)),
        None => {
            finding.instead(rewrite).fixed_by(Fix::insert("build it concurrently", place, " CONCURRENTLY"))
        }
    }
}
