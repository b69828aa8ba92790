//! How a unique constraint or a primary key comes in without a wait.

use super::Moment;
use super::sql::{ident, idents};
use crate::Span;
use crate::ddl::{Action, Constraint, ConstraintKind};
use crate::linter::Finding;

/// The finding with the two steps to take instead.
pub(super) fn instead(moment: &Moment<'_>, span: Span, finding: Finding) -> Finding {
    match moment.action(span) {
        Some((table, Action::AddConstraint(constraint))) => match steps(table, constraint, &finding) {
            Some(steps) => finding.instead(steps),
            None => finding,
        },
        _ => finding,
    }
}

fn steps(table: &str, constraint: &Constraint, finding: &Finding) -> Option<String> {
    let own = finding.relation.as_ref().map_or(table, |relation| &relation.name);
    let (columns, words, made_up) = match &constraint.kind {
        ConstraintKind::Primary { columns, index: None } => (columns, "PRIMARY KEY", format!("{own}_pkey")),
        ConstraintKind::Unique { columns, index: None } => {
            (columns, "UNIQUE", format!("{own}_{}_key", columns.join("_")))
        }
        _ => return None,
    };
    let name = constraint.name.clone().unwrap_or(made_up);
    let name = ident(&name);
    Some(format!(
        "-- outside a transaction:\n\
         CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({});\n\
         -- and then:\n\
         ALTER TABLE {table} ADD CONSTRAINT {name} {words} USING INDEX {name};",
        idents(columns)
    ))
}
