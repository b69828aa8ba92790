//! How a check or a foreign key comes in without a wait.

use super::Moment;
use super::sql::{ident, idents};
use crate::Span;
use crate::ddl::{Action, Constraint, ConstraintKind};
use crate::linter::Finding;

/// The finding with the two steps to take instead.
pub(super) fn instead(moment: &Moment<'_>, span: Span, finding: Finding) -> Finding {
    match moment.action(span) {
        Some((table, Action::AddConstraint(constraint))) => finding.instead(steps(moment, table, constraint)),
        _ => finding,
    }
}

fn steps(moment: &Moment<'_>, table: &str, constraint: &Constraint) -> String {
    let text = moment.text(constraint.span);
    let name = constraint.name.clone().unwrap_or_else(|| made_up(constraint));
    let named = if constraint.name.is_some() {
        text.to_owned()
    } else {
        format!("CONSTRAINT {} {text}", ident(&name))
    };
    format!(
        "ALTER TABLE {table} ADD {named} NOT VALID;\n\
         -- in a later transaction:\n\
         ALTER TABLE {table} VALIDATE CONSTRAINT {};",
        ident(&name)
    )
}

/// A name in PostgreSQL's manner, for it must be given to be validated later.
fn made_up(constraint: &Constraint) -> String {
    match &constraint.kind {
        ConstraintKind::Foreign { columns, .. } => format!("{}_fkey", columns.join("_")),
        ConstraintKind::Check(expr) => format!("{}_check", expr.columns.join("_")),
        _ => idents(&["constraint".to_owned()]),
    }
}
