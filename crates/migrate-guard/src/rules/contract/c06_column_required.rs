use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C06",
    name: "column-required",
    level: Level::Error,
    condition: "A column that could be left out becomes required.",
    effect: "Writes of the running release that leave it out, or write null, fail.",
    workaround: "Release code that always writes it first, and fill the old rows; then require it.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration:
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- this migration:
ALTER TABLE users ADD CONSTRAINT email_set CHECK (email IS NOT NULL) NOT VALID;
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in
        moment.changes(|kind| matches!(kind, ChangeKind::SetNotNull | ChangeKind::SetNotNullDefault))
    {
        let message = format!(
            "writes of the running release that leave `{}` of {} null fail",
            change.name, change.relation
        );
        findings.push(moment.about(change, &message));
    }
}
