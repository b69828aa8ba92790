//! Columns that are made.

use super::constraint::constraint;
use super::parts::{name, object};
use super::types::type_ref;
use crate::ddl::{Column, Generated};
use crate::frontend::context::Context;
use crate::frontend::expr::expr;
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// A column of `CREATE TABLE`.
pub(super) fn of_table(node: &ast::Column, cx: &mut Context<'_>) -> Column {
    let mut column = Column { name: name(node.name(), cx), ..Column::default() };
    column.ty = node.ty().map(|ty| type_ref(&ty, cx));
    finish(column, node.syntax(), cx)
}

/// A column of `ADD COLUMN`. Its bytes are those after `ADD COLUMN IF NOT EXISTS`.
pub(super) fn of_add(node: &ast::AddColumn, cx: &mut Context<'_>) -> Column {
    let mut column = Column { name: name(node.column_name(), cx), ..Column::default() };
    column.ty = node.ty().map(|ty| type_ref(&ty, cx));
    let mut column = finish(column, node.syntax(), cx);
    if let Some(name) = node.column_name() {
        column.span.start = cx.span(&name).start;
    }
    column
}

/// Reads what stands behind the type.
fn finish(mut column: Column, node: &SyntaxNode, cx: &mut Context<'_>) -> Column {
    column.span = cx.span_of(node.text_range());
    for child in node.children() {
        if let Some(collate) = ast::Collate::cast(child.clone()) {
            column.collation = Some(object(collate.collation_ref(), cx));
        } else if let Some(clause) = ast::Constraint::cast(child) {
            take(&mut column, &clause, cx);
        }
    }
    column
}

fn take(column: &mut Column, clause: &ast::Constraint, cx: &mut Context<'_>) {
    match clause {
        ast::Constraint::NotNullConstraint(_) => column.not_null = Some(cx.span(clause)),
        ast::Constraint::DefaultConstraint(default) => {
            column.default = default.expr().map(|default| expr(&default, cx));
        }
        ast::Constraint::GeneratedConstraint(generated) => generate(column, generated, cx),
        _ => {
            let made = constraint(clause, Some(&column.name), cx);
            column.constraints.extend(made);
        }
    }
}

fn generate(column: &mut Column, node: &ast::GeneratedConstraint, cx: &mut Context<'_>) {
    match node.generated_as() {
        Some(ast::GeneratedAs::GeneratedIdentity(_)) => column.identity = true,
        Some(ast::GeneratedAs::GeneratedStored(generated)) => {
            let of = generated.expr().map(|of| expr(&of, cx)).unwrap_or_default();
            let stored = matches!(generated.generated_kind(), Some(ast::GeneratedKind::Stored(_)));
            column.generated = Some(Generated { expr: of, stored });
        }
        None => {}
    }
}
