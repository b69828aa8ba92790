use super::{Target, rename};
use crate::ddl::{Action, Ddl, ObjectKind};
use crate::frontend::context::Context;
use crate::frontend::lower::sequence::owned_by;
use crate::frontend::tree::ast::{self, AlterSequenceAction as Node};

/// `ALTER SEQUENCE`.
pub(in crate::frontend::lower) fn sequence(node: &ast::AlterSequence, cx: &mut Context<'_>) -> Ddl {
    let target = Target::new(ObjectKind::Sequence, node.sequence_ref(), node.if_exists().is_some(), cx);
    let (mut owner, mut owned_by_none) = (None, false);
    for done in node.actions() {
        let action = match &done {
            Node::SequenceRenameTo(to) => return rename::itself(&target, to.sequence(), cx),
            Node::SetSchema(node) => return rename::schema(&target, node, cx),
            Node::OwnerTo(_) => Action::Owner,
            Node::SetLogged(_) => Action::SetLogged(true),
            Node::SetUnlogged(_) => Action::SetLogged(false),
            Node::SequenceOption(option) => {
                owner = owned_by(option, cx).or(owner);
                owned_by_none |= is_owned_by_none(option);
                continue;
            }
        };
        return target.with(vec![(cx.span(&done), action)]);
    }
    Ddl::AlterSequence { name: target.name, owned_by: owner, owned_by_none }
}

fn is_owned_by_none(node: &ast::SequenceOption) -> bool {
    let ast::SequenceOption::OptionOwnedBy(option) = node else { return false };
    matches!(option.owned_by_target(), Some(ast::OwnedByTarget::OwnedByNone(_)))
}
