use crate::Level;
use crate::claim::{Cause, Change, ChangeKind};
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C04",
    name: "incompatible-type",
    level: Level::Error,
    condition: "A column gets a type that old code may not read or write, and the table is not written anew for it (of those L08 and L09 say it).",
    effect: "The running release sends values that do not fit, or cannot read what it gets; retained plans fail.",
    workaround: "Add a column of the new type, write both, move the readers over, and drop the old one in a later release.",
    bad: r"-- earlier:
SET timezone = 'UTC';
CREATE TABLE orders (id bigint PRIMARY KEY, at timestamp);
-- this migration:
SET LOCAL timezone = 'UTC';
ALTER TABLE orders ALTER COLUMN at TYPE timestamptz;
",
    good: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(20));
-- this migration:
ALTER TABLE orders ALTER COLUMN code TYPE varchar(40);
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| kind == ChangeKind::ChangeType) {
        let claims = moment.effects.claims.iter().filter(|claim| claim.span == change.span);
        if !claims.into_iter().any(|claim| is_settled(&claim.cause, change)) {
            let detail = change.detail.as_deref().map(|detail| format!(", {detail}")).unwrap_or_default();
            let message = format!(
                "`{}` of {} gets another type{detail}, which the running release does not expect",
                change.name, change.relation
            );
            findings.push(moment.about(change, &message));
        }
    }
}

/// In UTC the bytes are kept, and what they mean to a session elsewhere is not.
fn is_another_moment(change: &Change) -> bool {
    let detail = change.detail.as_deref().unwrap_or_default();
    detail.starts_with("timestamp") && detail.contains("to timestamp") && detail.contains("timestamptz")
}

/// A wider type takes what the old one took; of a rewritten one L08 and L09 say the same.
fn is_settled(cause: &Cause, change: &Change) -> bool {
    match cause {
        Cause::RewriteType { .. } | Cause::ReindexType { .. } => true,
        Cause::WidenType | Cause::KeepIndex => !is_another_moment(change),
        _ => false,
    }
}
