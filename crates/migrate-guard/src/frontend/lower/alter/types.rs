use super::simple::simple;
use super::{Target, rename};
use crate::Span;
use crate::ddl::{Action, AlterEnum, Column, ColumnAction, Ddl, ObjectKind};
use crate::frontend::context::Context;
use crate::frontend::lower::parts::{cascade, name, object};
use crate::frontend::lower::types::{label, required};
use crate::frontend::tree::ast::{self, AlterTypeAction as Node, AlterTypeAttributeAction as Attribute};

/// `ALTER TYPE`.
pub(in crate::frontend::lower) fn type_(node: &ast::AlterType, cx: &mut Context<'_>) -> Ddl {
    let name = object(node.type_name_ref(), cx);
    match node.action() {
        Some(Node::AddValue(add)) => Ddl::AlterEnum(AlterEnum::Add {
            name,
            value: label(add.literal()),
            if_not_exists: add.if_not_exists().is_some(),
        }),
        Some(Node::RenameValue(rename)) => {
            Ddl::AlterEnum(AlterEnum::Rename { name, from: label(rename.from()), to: label(rename.to()) })
        }
        Some(Node::AlterTypeAttributeActionList(list)) => {
            let actions: Vec<_> = list.actions().map(|action| attribute(&action, cx)).collect();
            let cascade = actions.iter().any(|(cascade, _)| *cascade);
            let actions = actions.into_iter().map(|(_, action)| action).collect();
            Ddl::AlterComposite { name, cascade, actions }
        }
        Some(Node::RenameAttribute(to)) => {
            let target = Target::new(ObjectKind::Type, node.type_name_ref(), false, cx);
            rename::part(&target, ObjectKind::Attribute, to.composite_field_ref(), to.composite_field(), cx)
        }
        action => simple(ObjectKind::Type, node.type_name_ref(), action.as_ref(), node, cx),
    }
}

/// What is done to an attribute, said as of a column, and whether with `CASCADE`.
fn attribute(node: &Attribute, cx: &mut Context<'_>) -> (bool, (Span, Action)) {
    let span = cx.span(node);
    let (cascades, action) = match node {
        Attribute::AddAttribute(add) => {
            let column = Column {
                span,
                name: name(add.composite_field(), cx),
                ty: Some(required(add.ty(), cx)),
                collation: add.collate().map(|collate| object(collate.collation_ref(), cx)),
                ..Column::default()
            };
            (add.drop_behavior(), Action::AddColumn { column: Box::new(column), if_not_exists: false })
        }
        Attribute::DropAttribute(drop) => {
            let cascade = cascade(drop.drop_behavior().as_ref());
            let name = name(drop.composite_field_ref(), cx);
            let if_exists = drop.if_exists().is_some();
            (drop.drop_behavior(), Action::DropColumn { name, if_exists, cascade })
        }
        Attribute::AlterAttribute(alter) => (alter.drop_behavior(), retyped(alter, cx)),
    };
    (cascade(cascades.as_ref()), (span, action))
}

fn retyped(node: &ast::AlterAttribute, cx: &Context<'_>) -> Action {
    let ty = required(node.ty(), cx);
    let collation = node.collate().map(|collate| object(collate.collation_ref(), cx));
    let name = name(node.composite_field_ref(), cx);
    Action::Column { name, action: ColumnAction::Type { ty, collation, using: None } }
}
