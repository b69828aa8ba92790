use super::{Target, action, column, rename};
use crate::ddl::{Action, Ddl, ObjectKind};
use crate::frontend::context::Context;
use crate::frontend::lower::first_words;
use crate::frontend::tree::ast::{self, AlterMaterializedViewAction, AlterViewAction, AstNode};

/// `ALTER VIEW`.
pub(in crate::frontend::lower) fn view(node: &ast::AlterView, cx: &mut Context<'_>) -> Option<Ddl> {
    let target = Target::new(ObjectKind::View, node.view_ref(), node.if_exists().is_some(), cx);
    let done = node.action()?;
    let action = match &done {
        AlterViewAction::ViewRenameTo(to) => return Some(rename::itself(&target, to.view(), cx)),
        AlterViewAction::RenameColumn(node) => return Some(rename::column(&target, node, cx)),
        AlterViewAction::SetSchema(node) => return Some(rename::schema(&target, node, cx)),
        AlterViewAction::AlterViewColumn(node) => column::of_view(node, cx)?,
        AlterViewAction::OwnerTo(_) => Action::Owner,
        AlterViewAction::SetOptions(set) => Action::Parameters(action::parameters(set.attribute_list(), cx)),
        AlterViewAction::ResetOptions(set) => {
            Action::Parameters(action::parameters(set.attribute_list(), cx))
        }
    };
    Some(target.with(vec![(cx.span(&done), action)]))
}

/// `ALTER MATERIALIZED VIEW`. `None` for `ALL IN TABLESPACE`, which names no view.
pub(in crate::frontend::lower) fn materialized_view(
    node: &ast::AlterMaterializedView,
    cx: &mut Context<'_>,
) -> Option<Ddl> {
    let if_exists = node.if_exists().is_some();
    let target = Target::new(ObjectKind::MaterializedView, Some(node.view_ref()?), if_exists, cx);
    let mut actions = Vec::new();
    for done in node.action() {
        match &done {
            AlterMaterializedViewAction::ViewRenameTo(to) => {
                return Some(rename::itself(&target, to.view(), cx));
            }
            AlterMaterializedViewAction::RenameColumn(node) => {
                return Some(rename::column(&target, node, cx));
            }
            AlterMaterializedViewAction::SetSchema(node) => return Some(rename::schema(&target, node, cx)),
            _ => actions.push((cx.span(&done), of_relation(&done, cx))),
        }
    }
    Some(target.with(actions))
}

/// What a materialized view takes as a table does.
fn of_relation(node: &AlterMaterializedViewAction, cx: &mut Context<'_>) -> Action {
    match ast::AlterTableAction::cast(node.syntax().clone()) {
        Some(node) => action::action(&node, cx),
        None => Action::Other(first_words(&cx.folded(node))),
    }
}
