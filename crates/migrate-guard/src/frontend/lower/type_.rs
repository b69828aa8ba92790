//! `CREATE TYPE`, `CREATE DOMAIN`.

use super::constraint::constraint;
use super::parts::{name, object};
use super::types::{label, required};
use crate::ddl::{ConstraintKind, CreateDomain, CreateType, Ddl, TypeBody, TypeRef};
use crate::frontend::context::Context;
use crate::frontend::expr::expr;
use crate::frontend::tree::ast::{self, AstNode};

/// `CREATE TYPE`.
pub(super) fn create(node: &ast::CreateType, cx: &Context<'_>) -> Ddl {
    let body = match node.kind() {
        Some(ast::CreateTypeKind::EnumType(of)) => {
            let labels = of.variant_list().into_iter().flat_map(|list| list.variants());
            TypeBody::Enum(labels.map(|variant| label(variant.literal())).collect())
        }
        Some(ast::CreateTypeKind::CompositeType(of)) => TypeBody::Composite(attributes(&of, cx)),
        Some(ast::CreateTypeKind::RangeType(of)) => TypeBody::Range(subtype(of.attribute_list(), cx)),
        Some(ast::CreateTypeKind::BaseType(_)) | None => TypeBody::Base,
    };
    Ddl::CreateType(CreateType { name: object(node.type_name(), cx), body })
}

fn attributes(node: &ast::CompositeType, cx: &Context<'_>) -> Vec<(String, TypeRef)> {
    let fields = node.composite_field_list().into_iter().flat_map(|list| list.composite_field_defs());
    fields.map(|field| (name(field.name(), cx), required(field.ty(), cx))).collect()
}

/// `SUBTYPE = type`.
fn subtype(list: Option<ast::AttributeList>, cx: &Context<'_>) -> Option<TypeRef> {
    let mut options = list?.attribute_options();
    let option = options.find(|option| name(option.name(), cx) == "subtype")?;
    Some(required(Some(option.attribute_value()?.ty()?), cx))
}

/// `CREATE DOMAIN`.
pub(super) fn create_domain(node: &ast::CreateDomain, cx: &mut Context<'_>) -> Ddl {
    let mut domain = CreateDomain {
        name: object(node.domain(), cx),
        base: required(node.ty(), cx),
        not_null: false,
        default: None,
        constraints: Vec::new(),
    };
    for qualifier in node.domain_qualifiers() {
        if let Some(clause) = ast::Constraint::cast(qualifier.syntax().clone()) {
            take(&mut domain, &clause, cx);
        }
    }
    Ddl::CreateDomain(domain)
}

fn take(domain: &mut CreateDomain, clause: &ast::Constraint, cx: &mut Context<'_>) {
    if let ast::Constraint::DefaultConstraint(default) = clause {
        domain.default = default.expr().map(|default| expr(&default, cx));
        return;
    }
    match constraint(clause, Some("value"), cx) {
        Some(made) if matches!(made.kind, ConstraintKind::NotNull { .. }) => domain.not_null = true,
        made => domain.constraints.extend(made),
    }
}
