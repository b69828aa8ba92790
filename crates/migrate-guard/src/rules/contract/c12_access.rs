use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C12",
    name: "access",
    level: Level::Warning,
    condition: "Row security, a policy, a grant, a trigger or a search path changes what the running release may do.",
    effect: "It sees fewer rows, or is refused, from one moment to the next.",
    workaround: "Try it with the role of the running release first; widen before you narrow.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
",
    good: r"-- this migration:
CREATE TABLE users (id bigint PRIMARY KEY);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
",
    source: "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| matches!(kind, ChangeKind::Access)) {
        let message = format!("what the running release may do with {} changes", change.name);
        findings.push(moment.about(change, &message));
    }
}
