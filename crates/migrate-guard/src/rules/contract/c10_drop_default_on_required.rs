use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C10",
    name: "drop-default-on-required",
    level: Level::Error,
    condition: "A required column loses its default.",
    effect: "Inserts of the running release that leave it out fail.",
    workaround: "Keep the default until no release that relies on it runs.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, created timestamptz NOT NULL DEFAULT now());
-- this migration:
ALTER TABLE users ALTER COLUMN created DROP DEFAULT;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, created timestamptz DEFAULT now());
-- this migration:
ALTER TABLE users ALTER COLUMN created DROP DEFAULT;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| matches!(kind, ChangeKind::DropDefaultOnNotnull)) {
        let message = format!(
            "inserts of the running release that leave `{}` of {} out fail",
            change.name, change.relation
        );
        findings.push(moment.about(change, &message));
    }
}
