use crate::ddl::{Action, ColumnAction, Expr};
use crate::frontend::context::Context;
use crate::frontend::expr::expr;
use crate::frontend::lower::parts::{name, object};
use crate::frontend::lower::types;
use crate::frontend::tree::ast::{self, AlterColumnOption as Node};

/// `ALTER COLUMN` of a table.
pub(super) fn of_table(node: &ast::AlterColumn, cx: &mut Context<'_>) -> Option<Action> {
    let action = action(&node.option()?, cx)?;
    Some(Action::Column { name: name(node.column_name_ref(), cx), action })
}

/// `ALTER COLUMN` of a view.
pub(super) fn of_view(node: &ast::AlterViewColumn, cx: &mut Context<'_>) -> Option<Action> {
    let action = match node.alter_view_column_action()? {
        ast::AlterViewColumnAction::SetDefault(set) => ColumnAction::SetDefault(expr_of(set.expr(), cx)),
        ast::AlterViewColumnAction::DropDefault(_) => ColumnAction::DropDefault,
    };
    Some(Action::Column { name: name(node.name(), cx), action })
}

/// `ALTER COLUMN` of an index, which names it by its name or its number.
pub(super) fn of_index(node: &ast::AlterSetStatistics, cx: &Context<'_>) -> Action {
    let number = node.expr().map(|number| cx.text(&number).to_owned());
    let name = node.column_name_ref().map(|column| cx.name(&column)).or(number).unwrap_or_default();
    let action =
        if node.set_options().is_some() { ColumnAction::SetOptions } else { ColumnAction::SetStatistics };
    Action::Column { name, action }
}

fn action(node: &Node, cx: &mut Context<'_>) -> Option<ColumnAction> {
    Some(match node {
        Node::SetType(set) => set_type(set, cx),
        Node::SetDefault(set) => ColumnAction::SetDefault(expr_of(set.expr(), cx)),
        Node::DropDefault(_) => ColumnAction::DropDefault,
        Node::SetNotNull(_) => ColumnAction::SetNotNull,
        Node::DropNotNull(_) => ColumnAction::DropNotNull,
        Node::AddGenerated(_) => ColumnAction::AddIdentity,
        Node::SetGenerated(_)
        | Node::SetGeneratedOptions(_)
        | Node::SetSequenceOption(_)
        | Node::Restart(_) => ColumnAction::SetIdentity,
        Node::DropIdentity(_) => ColumnAction::DropIdentity,
        Node::SetExpression(set) => ColumnAction::SetExpression(expr_of(set.expr(), cx)),
        Node::DropExpression(_) => ColumnAction::DropExpression,
        Node::SetStatistics(_) => ColumnAction::SetStatistics,
        Node::SetOptions(_) | Node::SetOptionsList(_) | Node::ResetOptions(_) => ColumnAction::SetOptions,
        Node::SetStorage(_) => ColumnAction::SetStorage,
        Node::SetCompression(_) => ColumnAction::SetCompression,
        Node::Inherit(_) | Node::NoInherit(_) => return None,
    })
}

fn set_type(node: &ast::SetType, cx: &mut Context<'_>) -> ColumnAction {
    ColumnAction::Type {
        ty: types::required(node.ty(), cx),
        collation: node.collate().map(|collate| object(collate.collation_ref(), cx)),
        using: node.using_expr().and_then(|using| using.expr()).map(|using| expr(&using, cx)),
    }
}

fn expr_of(node: Option<ast::Expr>, cx: &mut Context<'_>) -> Expr {
    node.map(|node| expr(&node, cx)).unwrap_or_default()
}
