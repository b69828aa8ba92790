use super::Target;
use crate::ObjectName;
use crate::ddl::{Ddl, ObjectKind, Rename, SetSchema};
use crate::frontend::context::Context;
use crate::frontend::lower::parts::name;
use crate::frontend::tree::ast::{self, AstNode};

/// What renames a table, or what belongs to it, or moves it to another schema.
pub(super) fn of_table(target: &Target, node: &ast::AlterTableAction, cx: &Context<'_>) -> Option<Ddl> {
    Some(match node {
        ast::AlterTableAction::TableRenameTo(to) => itself(target, to.table_name(), cx),
        ast::AlterTableAction::RenameColumn(node) => column(target, node, cx),
        ast::AlterTableAction::RenameConstraint(node) => {
            let (old, new) = (node.constraint_name_ref(), node.constraint_name());
            part(target, ObjectKind::Constraint, old, new, cx)
        }
        ast::AlterTableAction::SetSchema(node) => schema(target, node, cx),
        _ => return None,
    })
}

/// `RENAME TO`.
pub(super) fn itself(target: &Target, to: Option<impl AstNode>, cx: &Context<'_>) -> Ddl {
    Ddl::Rename(Rename {
        kind: target.kind,
        name: target.name.clone(),
        on: None,
        on_kind: target.kind,
        to: name(to, cx),
        if_exists: target.if_exists,
        arguments: target.arguments.clone(),
    })
}

/// `RENAME COLUMN`.
pub(super) fn column(target: &Target, node: &ast::RenameColumn, cx: &Context<'_>) -> Ddl {
    part(target, ObjectKind::Column, node.column_name_ref(), node.column_name(), cx)
}

/// `RENAME CONSTRAINT | ATTRIBUTE | COLUMN old TO new`.
pub(super) fn part(
    target: &Target,
    kind: ObjectKind,
    old: Option<impl AstNode>,
    new: Option<impl AstNode>,
    cx: &Context<'_>,
) -> Ddl {
    Ddl::Rename(Rename {
        kind,
        name: ObjectName::bare(name(old, cx)),
        on: Some(target.name.clone()),
        on_kind: target.kind,
        to: name(new, cx),
        if_exists: target.if_exists,
        arguments: None,
    })
}

/// `SET SCHEMA`.
pub(super) fn schema(target: &Target, node: &ast::SetSchema, cx: &Context<'_>) -> Ddl {
    Ddl::SetSchema(SetSchema {
        kind: target.kind,
        name: target.name.clone(),
        schema: name(node.schema_ref(), cx),
        if_exists: target.if_exists,
        arguments: target.arguments.clone(),
    })
}
