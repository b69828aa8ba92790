use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C05",
    name: "required-column",
    level: Level::Error,
    condition: "A required column without a default comes in.",
    effect: "It fails if the table has rows; if it has none, every insert of the running release fails from then on.",
    workaround: "Add it nullable, let the new release fill it, fill the old rows in batches, and require it in a later release; or give it a default.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE users ADD COLUMN email text NOT NULL;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE users ADD COLUMN email text;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| matches!(kind, ChangeKind::AddRequiredColumn)) {
        let message = format!(
            "`{}` of {} is required and has no default: this fails on a table with rows, and inserts of the running release fail after it",
            change.name, change.relation
        );
        findings.push(moment.about(change, &message));
    }
}
