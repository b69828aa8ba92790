use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L14",
    name: "table-rewrite",
    level: Level::Error,
    condition: "A table is written anew as a whole: `VACUUM FULL`, `CLUSTER`, `SET LOGGED`, `SET TABLESPACE`, `SET ACCESS METHOD`.",
    effect: "Reads and writes of the table wait until it is written.",
    workaround: "For bloat and order use pg_repack or pg_squeeze, which work beside the traffic; else take a window.",
    bad: r"-- earlier:
CREATE UNLOGGED TABLE sessions (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE sessions SET LOGGED;
",
    good: r"-- earlier:
CREATE TABLE sessions (id bigint PRIMARY KEY);
-- this migration, outside a transaction:
VACUUM sessions;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::Rewrite(_))) {
        let words = if let Cause::Rewrite(words) = claim.cause { words } else { "this" };
        let message =
            format!("{words} writes {} anew while all its readers and writers wait", claim.relation);
        findings.push(moment.at(claim, &message));
    }
}
