//! How a check or a foreign key comes in without a wait.

use super::Moment;
use super::sql::ident;
use crate::Span;
use crate::ddl::{Action, Constraint, ConstraintKind};
use crate::linter::Finding;

/// The finding with the two steps to take instead.
pub(super) fn instead(moment: &Moment<'_>, span: Span, finding: Finding) -> Finding {
    match moment.action(span) {
        Some((table, Action::AddConstraint(constraint))) => {
            let steps = steps(moment, table, constraint, &finding);
            finding.instead(steps)
        }
        _ => finding,
    }
}

fn steps(moment: &Moment<'_>, table: &str, constraint: &Constraint, finding: &Finding) -> String {
    let own = finding.relation.as_ref().map_or(table, |relation| &relation.name);
    let text = moment.text(constraint.span);
    let name = constraint.name.clone().unwrap_or_else(|| made_up(own, constraint));
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
fn made_up(own: &str, constraint: &Constraint) -> String {
    match &constraint.kind {
        ConstraintKind::Foreign { columns, .. } => format!("{own}_{}_fkey", columns.join("_")),
        ConstraintKind::Check(expr) => format!("{own}_{}_check", expr.columns.join("_")),
        _ => format!("{own}_constraint"),
    }
}
