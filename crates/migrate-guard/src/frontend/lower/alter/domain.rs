use super::simple::simple;
use super::{Target, rename};
use crate::ddl::{AlterDomain, Ddl, DomainAction, ObjectKind};
use crate::frontend::context::Context;
use crate::frontend::expr::expr;
use crate::frontend::lower::constraint::constraint;
use crate::frontend::lower::parts::{name, object};
use crate::frontend::tree::ast::{self, AlterDomainAction as Node};

/// `ALTER DOMAIN`.
pub(in crate::frontend::lower) fn domain(node: &ast::AlterDomain, cx: &mut Context<'_>) -> Ddl {
    let done = node.action();
    if let Some(Node::RenameConstraint(to)) = &done {
        let target = Target::new(ObjectKind::Domain, node.domain_ref(), false, cx);
        let (old, new) = (to.constraint_name_ref(), to.constraint_name());
        return rename::part(&target, ObjectKind::DomainConstraint, old, new, cx);
    }
    match done.as_ref().and_then(|done| action(done, cx)) {
        Some(action) => Ddl::AlterDomain(AlterDomain { name: object(node.domain_ref(), cx), action }),
        None => simple(ObjectKind::Domain, node.domain_ref(), done.as_ref(), node, cx),
    }
}

fn action(node: &Node, cx: &mut Context<'_>) -> Option<DomainAction> {
    Some(match node {
        Node::SetDefault(set) => DomainAction::Default(set.expr().map(|node| expr(&node, cx))),
        Node::DropDefault(_) => DomainAction::Default(None),
        Node::SetNotNull(_) => DomainAction::SetNotNull,
        Node::DropNotNull(_) => DomainAction::DropNotNull,
        Node::AddConstraint(add) => {
            // A domain has one value, and its NOT NULL names no column.
            DomainAction::AddConstraint(constraint(&add.constraint()?, Some("value"), cx)?)
        }
        Node::DropConstraint(drop) => DomainAction::DropConstraint(name(drop.constraint_name_ref(), cx)),
        Node::ValidateConstraint(node) => {
            DomainAction::ValidateConstraint(name(node.constraint_name_ref(), cx))
        }
        Node::OwnerTo(_) => DomainAction::Owner,
        Node::DomainRenameTo(_) | Node::RenameConstraint(_) | Node::SetSchema(_) => return None,
    })
}
