use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C08",
    name: "rename-object",
    level: Level::Error,
    condition: "A view, function, type, enum label or schema is renamed.",
    effect: "The running release fails where it uses the old name.",
    workaround: "Make the new one beside the old, move the code over, and drop the old one in a later release.",
    bad: r"-- earlier:
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood);
-- this migration:
ALTER TYPE mood RENAME VALUE 'bad' TO 'poor';
",
    good: r"-- earlier:
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood);
-- this migration:
ALTER TYPE mood ADD VALUE 'poor';
",
    source: "https://www.postgresql.org/docs/current/sql-altertype.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| matches!(kind, ChangeKind::RenameObject)) {
        let message =
            format!("the running release breaks where it uses {}, which gets another name", change.name);
        findings.push(moment.about(change, &message));
    }
}
