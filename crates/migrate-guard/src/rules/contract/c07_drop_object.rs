use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C07",
    name: "drop-object",
    level: Level::Error,
    condition: "A view, function, type, sequence or schema is dropped.",
    effect: "The running release fails wherever it names it.",
    workaround: "Release code that does not name it any more first; drop it in the release after.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE VIEW everybody AS SELECT id FROM users;
-- this migration:
DROP VIEW everybody;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
CREATE VIEW everybody AS SELECT id FROM users;
",
    source: "https://www.postgresql.org/docs/current/sql-dropview.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| matches!(kind, ChangeKind::DropObject)) {
        let message = format!("the running release breaks where it names {}, which goes away", change.name);
        findings.push(moment.about(change, &message));
    }
}
