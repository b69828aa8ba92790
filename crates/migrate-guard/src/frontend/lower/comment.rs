//! `COMMENT ON`, `SECURITY LABEL ON`.

use squawk_parser::SyntaxKind;

use super::parts::{column_of, object};
use crate::ObjectName;
use crate::ddl::{Comment, Ddl, ObjectKind};
use crate::frontend::context::Context;
use crate::frontend::name;
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// `COMMENT ON`.
pub(super) fn comment(node: &ast::CommentOn, cx: &Context<'_>) -> Ddl {
    of(node.comment_object().map(|object| object.syntax().clone()), cx)
}

/// `SECURITY LABEL ON`.
pub(super) fn security_label(node: &ast::SecurityLabel, cx: &Context<'_>) -> Ddl {
    of(node.security_label_object().map(|object| object.syntax().clone()), cx)
}

fn of(node: Option<SyntaxNode>, cx: &Context<'_>) -> Ddl {
    let (kind, name) = node.map_or((ObjectKind::Other, ObjectName::default()), |node| target(&node, cx));
    Ddl::Comment(Comment { kind, name })
}

fn target(node: &SyntaxNode, cx: &Context<'_>) -> (ObjectKind, ObjectName) {
    if let Some(column) = ast::ObjectColumn::cast(node.clone()) {
        let table = column_of(column.name(), cx).map(|(table, _)| table);
        return (ObjectKind::Column, table.unwrap_or_default());
    }
    if let Some(part) = part_of_table(node, cx) {
        return part;
    }
    let kind = kind(node.kind());
    let named = node.children().next().map(|child| name::object(cx.text_of(named_in(&child).text_range())));
    (kind, named.unwrap_or_default())
}

/// What is named after `ON`: the table of a constraint, trigger, rule or policy.
fn part_of_table(node: &SyntaxNode, cx: &Context<'_>) -> Option<(ObjectKind, ObjectName)> {
    if let Some(of) = ast::ObjectConstraint::cast(node.clone()) {
        return Some(match of.domain_ref() {
            Some(domain) => (ObjectKind::DomainConstraint, cx.object(&domain)),
            None => (ObjectKind::Constraint, object(of.table_name_ref(), cx)),
        });
    }
    if let Some(of) = ast::ObjectTrigger::cast(node.clone()) {
        return Some((ObjectKind::Trigger, object(of.relation_name_ref(), cx)));
    }
    if let Some(of) = ast::ObjectRule::cast(node.clone()) {
        return Some((ObjectKind::Rule, object(of.relation_name_ref(), cx)));
    }
    let of = ast::ObjectPolicy::cast(node.clone())?;
    Some((ObjectKind::Policy, object(of.table_name_ref(), cx)))
}

/// The name of a function is the first part of its signature.
fn named_in(node: &SyntaxNode) -> SyntaxNode {
    let is_signature = matches!(
        node.kind(),
        SyntaxKind::FUNCTION_SIG
            | SyntaxKind::PROCEDURE_SIG
            | SyntaxKind::ROUTINE_SIG
            | SyntaxKind::AGGREGATE
    );
    is_signature.then(|| node.children().next()).flatten().unwrap_or_else(|| node.clone())
}

const fn kind(node: SyntaxKind) -> ObjectKind {
    match node {
        SyntaxKind::OBJECT_TABLE => ObjectKind::Table,
        SyntaxKind::OBJECT_FOREIGN_TABLE => ObjectKind::ForeignTable,
        SyntaxKind::OBJECT_VIEW => ObjectKind::View,
        SyntaxKind::OBJECT_MATERIALIZED_VIEW => ObjectKind::MaterializedView,
        SyntaxKind::OBJECT_INDEX => ObjectKind::Index,
        SyntaxKind::OBJECT_SEQUENCE => ObjectKind::Sequence,
        SyntaxKind::OBJECT_TYPE => ObjectKind::Type,
        SyntaxKind::OBJECT_DOMAIN => ObjectKind::Domain,
        SyntaxKind::OBJECT_FUNCTION
        | SyntaxKind::OBJECT_PROCEDURE
        | SyntaxKind::OBJECT_ROUTINE
        | SyntaxKind::OBJECT_AGGREGATE => ObjectKind::Function,
        SyntaxKind::OBJECT_SCHEMA => ObjectKind::Schema,
        SyntaxKind::OBJECT_EXTENSION => ObjectKind::Extension,
        SyntaxKind::OBJECT_STATISTICS => ObjectKind::Statistics,
        SyntaxKind::OBJECT_PUBLICATION => ObjectKind::Publication,
        _ => ObjectKind::Other,
    }
}
