use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C16",
    name: "drop-not-null",
    level: Level::Error,
    condition: "A column that was always there may be null from now on.",
    effect: "Readers of the running release meet a null they never had to expect, as soon as somebody writes one.",
    workaround: "Release readers that take a null first; let the new release write nulls only after that.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
-- this migration:
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration:
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| matches!(kind, ChangeKind::DropNotNull)) {
        let message = format!(
            "readers of the running release may meet a null in `{}` of {}",
            change.name, change.relation
        );
        findings.push(moment.about(change, &message));
    }
}
