use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C09",
    name: "constraint-old-writes",
    level: Level::Warning,
    condition: "A new constraint that writes of the running release may not meet.",
    effect: "Such writes fail from then on.",
    workaround: "Release code that meets it first; for a check or foreign key, `NOT VALID` does not help here, since it holds for new rows at once.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, age int);
-- this migration:
ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID;
",
    good: r"-- this migration:
CREATE TABLE users (id bigint PRIMARY KEY, age int CONSTRAINT adult CHECK (age >= 18));
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| matches!(kind, ChangeKind::AddConstraint)) {
        let message = format!(
            "writes of the running release to {} that do not meet the new constraint fail",
            change.relation
        );
        findings.push(moment.about(change, &message));
    }
}
