use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B09",
    name: "brief-lock",
    level: Level::Warning,
    condition: "A column, a default, a constraint or a name of a table in use is changed, which takes a moment.",
    effect: "Reads and writes of the table wait for that moment, and everything queues while the lock itself is waited for.",
    workaround: "Set a `lock_timeout` and try again when it gives up.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE users ADD COLUMN email text;
",
    good: r"-- this migration:
CREATE TABLE users (id bigint PRIMARY KEY, email text);
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.brief(is_brief) {
        let message = format!("{} is locked ({}) for a moment", claim.relation, claim.lock);
        findings.push(moment.at(claim, &message));
    }
}

fn is_brief(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::AddColumn
            | Cause::AddForeignKey
            | Cause::DropColumn
            | Cause::DropConstraint
            | Cause::DropNotNull
            | Cause::Rename
            | Cause::Default
            | Cause::NotNullProven(_)
            | Cause::WidenType
            | Cause::KeepIndex
    )
}
