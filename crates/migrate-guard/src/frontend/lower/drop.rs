//! `DROP`, of anything.

use squawk_parser::SyntaxKind;

use super::function;
use super::parts::object;
use crate::ObjectName;
use crate::Span;
use crate::ddl::{Ddl, Drop, ObjectKind, TypeRef};
use crate::frontend::context::Context;
use crate::frontend::name;
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode, Stmt};

/// `DROP …`.
pub(super) fn drop(node: &Stmt, cx: &Context<'_>) -> Ddl {
    let mut drop = Drop {
        kind: kind(node),
        names: Vec::new(),
        on: None,
        if_exists: false,
        cascade: false,
        concurrently: false,
        arguments: Vec::new(),
    };
    for child in node.syntax().children() {
        take(&mut drop, &child, cx);
    }
    drop.concurrently = matches!(node, Stmt::DropIndex(index) if index.concurrently_token().is_some());
    Ddl::Drop(drop)
}

fn take(drop: &mut Drop, child: &SyntaxNode, cx: &Context<'_>) {
    match child.kind() {
        SyntaxKind::IF_EXISTS => drop.if_exists = true,
        SyntaxKind::CASCADE => drop.cascade = true,
        SyntaxKind::RESTRICT
        | SyntaxKind::USING_METHOD
        | SyntaxKind::CAST_SIG
        | SyntaxKind::OP_SIG_LIST
        | SyntaxKind::USER_MAPPING_ROLE
        | SyntaxKind::SERVER_CLAUSE => {}
        SyntaxKind::ON_RELATION => {
            let on = ast::OnRelation::cast(child.clone());
            drop.on = on.map(|on| object(on.relation_name_ref(), cx));
        }
        SyntaxKind::ON_TABLE => {
            let on = ast::OnTable::cast(child.clone());
            drop.on = on.map(|on| object(on.table_name_ref(), cx));
        }
        SyntaxKind::FUNCTION_SIG_LIST | SyntaxKind::PROCEDURE_SIG_LIST | SyntaxKind::ROUTINE_SIG_LIST => {
            for signature in child.children() {
                drop.names.extend(first(&signature, cx));
                drop.arguments.push(arguments(&signature, cx));
            }
        }
        SyntaxKind::AGGREGATE => drop.names.extend(first(child, cx)),
        _ => drop.names.push(named(child, cx)),
    }
}

/// A function without its arguments.
fn first(signature: &SyntaxNode, cx: &Context<'_>) -> Option<(Span, ObjectName)> {
    Some(named(&signature.children().next()?, cx))
}

/// The types of its arguments, where they are given.
fn arguments(signature: &SyntaxNode, cx: &Context<'_>) -> Option<Vec<TypeRef>> {
    let list = signature.children().find_map(ast::ParamList::cast)?;
    Some(function::argument_types(list, cx))
}

fn named(node: &SyntaxNode, cx: &Context<'_>) -> (Span, ObjectName) {
    let range = node.text_range();
    (cx.span_of(range), name::object(cx.text_of(range)))
}

const fn kind(node: &Stmt) -> ObjectKind {
    match node {
        Stmt::DropTable(_) => ObjectKind::Table,
        Stmt::DropForeignTable(_) => ObjectKind::ForeignTable,
        Stmt::DropView(_) => ObjectKind::View,
        Stmt::DropMaterializedView(_) => ObjectKind::MaterializedView,
        Stmt::DropIndex(_) => ObjectKind::Index,
        Stmt::DropSequence(_) => ObjectKind::Sequence,
        Stmt::DropType(_) => ObjectKind::Type,
        Stmt::DropDomain(_) => ObjectKind::Domain,
        Stmt::DropFunction(_) | Stmt::DropProcedure(_) | Stmt::DropRoutine(_) | Stmt::DropAggregate(_) => {
            ObjectKind::Function
        }
        Stmt::DropTrigger(_) => ObjectKind::Trigger,
        Stmt::DropPolicy(_) => ObjectKind::Policy,
        Stmt::DropRule(_) => ObjectKind::Rule,
        Stmt::DropSchema(_) => ObjectKind::Schema,
        Stmt::DropExtension(_) => ObjectKind::Extension,
        Stmt::DropStatistics(_) => ObjectKind::Statistics,
        Stmt::DropPublication(_) => ObjectKind::Publication,
        _ => ObjectKind::Other,
    }
}
