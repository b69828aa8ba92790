use crate::Level;
use crate::Span;
use crate::claim::Cause;
use crate::linter::{Finding, Fix};
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L17",
    name: "detach-partition",
    level: Level::Error,
    condition: "A partition is detached, and not concurrently.",
    effect: "Reads and writes of the whole partitioned table wait behind it.",
    workaround: "`DETACH PARTITION … CONCURRENTLY` (PostgreSQL 14), outside a transaction.",
    bad: r"-- earlier:
CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_2025 PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- this migration:
ALTER TABLE logs DETACH PARTITION logs_2025;
",
    good: r"-- earlier:
CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_2025 PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- this migration, outside a transaction:
ALTER TABLE logs DETACH PARTITION logs_2025 CONCURRENTLY;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.claims(|cause| matches!(cause, Cause::Detach(false))) {
        let message =
            format!("a partition is detached while all readers and writers of {} wait", claim.relation);
        let finding = moment.at(claim, &message);
        findings.push(concurrently(moment, finding));
    }
}

fn concurrently(moment: &Moment<'_>, finding: Finding) -> Finding {
    if !moment.context.pg.at_least(14) {
        return finding;
    }
    let place = Span::new(finding.span.end, finding.span.end);
    match moment.transaction {
        Some(_) => {
            let rewrite = format!("{} CONCURRENTLY;", moment.text(moment.statement.span));
            finding.instead(moment.outside(&rewrite))
        }
        None => finding.fixed_by(Fix::insert("detach it concurrently", place, " CONCURRENTLY")),
    }
}
