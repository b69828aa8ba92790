//! `ALTER TABLE`, and what speaks like it.

mod action;
mod column;
mod domain;
mod index;
mod object;
mod rename;
mod sequence;
mod simple;
mod types;
mod view;

use crate::frontend::tree::ast::{self, AstNode};

pub(super) use self::domain::domain;
pub(super) use self::index::index;
pub(super) use self::object::{
    extension, policy_renamed, publication, routine, rule, schema, statistics, trigger,
};
pub(super) use self::sequence::sequence;
pub(super) use self::types::type_;
pub(super) use self::view::{materialized_view, view};
use super::parts::object as named;
use crate::ObjectName;
use crate::ddl::{Action, AlterTable, Ddl, ObjectKind, TypeRef};
use crate::frontend::context::Context;

/// What is altered.
struct Target {
    kind: ObjectKind,
    name: ObjectName,
    span: crate::Span,
    if_exists: bool,
    only: bool,
    /// Of a function.
    arguments: Option<Vec<TypeRef>>,
}

impl Target {
    fn new<N: AstNode>(kind: ObjectKind, node: Option<N>, if_exists: bool, cx: &Context<'_>) -> Self {
        let span = node.as_ref().map(|node| cx.span(node)).unwrap_or_default();
        Self { kind, name: named(node, cx), span, if_exists, only: false, arguments: None }
    }

    fn with(self, actions: Vec<(crate::Span, Action)>) -> Ddl {
        let Self { kind, name, span, if_exists, only, .. } = self;
        Ddl::AlterTable(Box::new(AlterTable { kind, name, name_span: span, if_exists, only, actions }))
    }
}

/// `ALTER TABLE`. `None` for `ALL IN TABLESPACE`, which names no table.
pub(super) fn table(node: &ast::AlterTable, cx: &mut Context<'_>) -> Option<Ddl> {
    let relation = node.table_relation_name()?;
    let mut target =
        Target::new(ObjectKind::Table, relation.table_name_ref(), node.if_exists().is_some(), cx);
    target.only = relation.only_token().is_some();
    Some(actions(target, node.actions(), cx))
}

/// `ALTER FOREIGN TABLE`.
pub(super) fn foreign_table(node: &ast::AlterForeignTable, cx: &mut Context<'_>) -> Option<Ddl> {
    let relation = node.table_relation_name()?;
    let if_exists = node.if_exists().is_some();
    let mut target = Target::new(ObjectKind::ForeignTable, relation.table_name_ref(), if_exists, cx);
    target.only = relation.only_token().is_some();
    Some(actions(target, node.actions(), cx))
}

/// Renames and `SET SCHEMA` stand alone; everything else is a list.
fn actions(target: Target, nodes: impl Iterator<Item = ast::AlterTableAction>, cx: &mut Context<'_>) -> Ddl {
    let mut actions = Vec::new();
    for node in nodes {
        match rename::of_table(&target, &node, cx) {
            Some(renamed) => return renamed,
            None => actions.push((cx.span(&node), action::action(&node, cx))),
        }
    }
    target.with(actions)
}
