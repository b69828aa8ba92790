use crate::Level;
use crate::Span;
use crate::claim::{Change, ChangeKind};
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C03",
    name: "drop-or-rename-table",
    level: Level::Error,
    condition: "A table or view is dropped or renamed.",
    effect: "The running release fails wherever it names it.",
    workaround: "Release code that does not name it any more first, then drop it. For a new name: a view of the old name that can be written to carries the running release over.",
    bad: r"-- earlier:
CREATE TABLE people (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE people RENAME TO users;
",
    good: r"-- earlier:
CREATE TABLE people (id bigint PRIMARY KEY);
-- this migration:
CREATE TABLE users (id bigint PRIMARY KEY);
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    let mut told: Vec<Span> = Vec::new();
    for change in moment.changes(|kind| matches!(kind, ChangeKind::DropTable | ChangeKind::RenameTable)) {
        if !told.contains(&change.span) {
            told.push(change.span);
            findings.push(moment.about(change, &message(change)));
        }
    }
}

/// A partitioned table is named, and its partitions are not: they come after it, at the same place.
fn message(change: &Change) -> String {
    let what = if change.kind == ChangeKind::DropTable { "goes away" } else { "gets another name" };
    format!("the running release breaks where it names {}, which {what}", change.relation)
}
