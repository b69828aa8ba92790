use super::{Target, action, column, rename};
use crate::ddl::{Action, Ddl, ObjectKind};
use crate::frontend::context::Context;
use crate::frontend::lower::first_words;
use crate::frontend::lower::parts::object;
use crate::frontend::tree::ast::{self, AlterIndexAction as Node};

/// `ALTER INDEX`. `None` for `ALL IN TABLESPACE`, which names no index.
pub(in crate::frontend::lower) fn index(node: &ast::AlterIndex, cx: &mut Context<'_>) -> Option<Ddl> {
    let target = Target::new(ObjectKind::Index, Some(node.index_ref()?), node.if_exists().is_some(), cx);
    let done = node.action()?;
    let action = match &done {
        Node::IndexRenameTo(to) => return Some(rename::itself(&target, to.index(), cx)),
        Node::AlterSetStatistics(set) => column::of_index(set, cx),
        Node::AttachIndexPartition(attach) => {
            Action::Attach { child: object(attach.index_ref(), cx), bound: None }
        }
        Node::SetTablespace(_) => Action::SetTablespace,
        Node::SetOptions(set) => Action::Parameters(action::parameters(set.attribute_list(), cx)),
        Node::ResetOptions(reset) => Action::Parameters(action::parameters(reset.attribute_list(), cx)),
        Node::DependsOnExtension(_) | Node::NoDependsOnExtension(_) => {
            Action::Other(first_words(&cx.folded(&done)))
        }
    };
    Some(target.with(vec![(cx.span(&done), action)]))
}
