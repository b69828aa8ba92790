use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L15",
    name: "truncate",
    level: Level::Error,
    condition: "A table in use is emptied by `TRUNCATE`.",
    effect: "Its rows are gone for the running release, and its readers and writers wait; what references it is emptied too with `CASCADE`.",
    workaround: "Delete in batches what nobody needs, or drop the table once no release reads it.",
    bad: r"-- earlier:
CREATE TABLE sessions (id bigint PRIMARY KEY);
-- this migration:
TRUNCATE sessions;
",
    good: r"-- earlier:
CREATE TABLE sessions (id bigint PRIMARY KEY, seen timestamptz);
-- this migration:
DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE seen < now() - interval '90 days' LIMIT 1000);
",
    source: "https://www.postgresql.org/docs/current/sql-truncate.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.claims(|cause| matches!(cause, Cause::Truncate)) {
        let message = format!("{} is emptied while the running release uses it", claim.relation);
        findings.push(moment.at(claim, &message));
    }
}
