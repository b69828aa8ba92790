//! How a unique constraint or a primary key comes in without a wait.

use super::Moment;
use super::sql::{ident, idents};
use crate::Span;
use crate::ddl::{Action, Constraint, ConstraintKind};
use crate::linter::Finding;

/// The finding with the two steps to take instead.
pub(super) fn instead(moment: &Moment<'_>, span: Span, finding: Finding) -> Finding {
    match moment.action(span) {
        Some((table, Action::AddConstraint(constraint))) => match steps(table, constraint) {
            Some(steps) => finding.instead(steps),
            None => finding,
        },
        _ => finding,
    }
}

fn steps(table: &str, constraint: &Constraint) -> Option<String> {
    let (columns, words, ending) = match &constraint.kind {
        ConstraintKind::Primary { columns, index: None } => (columns, "PRIMARY KEY", "pkey"),
        ConstraintKind::Unique { columns, index: None } => (columns, "UNIQUE", "key"),
        _ => return None,
    };
    let name = constraint.name.clone().unwrap_or_else(|| format!("{}_{ending}", columns.join("_")));
    let name = ident(&name);
    Some(format!(
        "-- outside a transaction:\n\
         CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({});\n\
         -- and then:\n\
         ALTER TABLE {table} ADD CONSTRAINT {name} {words} USING INDEX {name};",
        idents(columns)
    ))
}
