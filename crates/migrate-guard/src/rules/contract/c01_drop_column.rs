use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C01",
    name: "drop-column",
    level: Level::Error,
    condition: "A column is dropped.",
    effect: "The running release fails wherever it names the column, in reads and in writes.",
    workaround: "Release code that does not name it any more first; drop it in the release after. What it held is gone: look whether it can be made again.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, name text);
-- this migration:
ALTER TABLE users DROP COLUMN name;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, name text);
-- this migration:
ALTER TABLE users ADD COLUMN full_name text;
ALTER TABLE users ADD COLUMN nick text;
-- this migration:
ALTER TABLE users DROP COLUMN nick;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| matches!(kind, ChangeKind::DropColumn)) {
        let message =
            format!("the running release breaks where it names `{}` of {}", change.name, change.relation);
        findings.push(moment.about(change, &message));
    }
}
