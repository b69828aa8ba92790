use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C02",
    name: "rename-column",
    level: Level::Error,
    condition: "A column is renamed.",
    effect: "The running release fails where it uses the old name, the new one where it runs before the migration.",
    workaround: "Add a column of the new name, write both, move the readers over, and drop the old one in a later release.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, name text);
-- this migration:
ALTER TABLE users RENAME COLUMN name TO full_name;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, name text);
-- this migration:
ALTER TABLE users ADD COLUMN full_name text;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| matches!(kind, ChangeKind::RenameColumn)) {
        let message =
            format!("the running release breaks where it names `{}` of {}", change.name, change.relation);
        findings.push(moment.about(change, &message));
    }
}
