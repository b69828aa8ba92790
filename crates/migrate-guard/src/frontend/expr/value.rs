use squawk_parser::SyntaxKind;

use super::super::context::Context;
use super::super::name;
use super::call::operand;
use crate::ddl::Value;
use crate::frontend::tree::ast::{self, AstNode as _};

/// What an expression plainly is.
pub(in crate::frontend) fn value(node: &ast::Expr, cx: &Context<'_>) -> Value {
    match node {
        ast::Expr::Literal(literal) => constant(literal),
        ast::Expr::NameRef(column) => column_named(column, cx),
        ast::Expr::FieldExpr(field) => qualified_column(field, cx),
        ast::Expr::ParenExpr(paren) => paren.expr().map_or(Value::Computed, |inner| value(&inner, cx)),
        ast::Expr::CastExpr(cast) => cast_value(cast, cx),
        ast::Expr::Collate(collate) => {
            collate.expr().map_or(Value::Computed, |inner| unchanged(value(&inner, cx)))
        }
        ast::Expr::PrefixExpr(prefix) => signed(prefix, cx),
        _ => Value::Computed,
    }
}

/// A constant: `NULL`, a number, a string without its quotes, `true`.
fn constant(literal: &ast::Literal) -> Value {
    match literal.kind() {
        Some(SyntaxKind::NULL_KW) => Value::Null,
        Some(SyntaxKind::TRUE_KW) => Value::Constant("true".to_owned()),
        Some(SyntaxKind::FALSE_KW) => Value::Constant("false".to_owned()),
        Some(SyntaxKind::INT_NUMBER | SyntaxKind::NUMERIC_NUMBER) => {
            Value::Constant(literal.syntax().text().to_owned())
        }
        Some(SyntaxKind::POSITIONAL_PARAM | SyntaxKind::DEFAULT_KW) | None => Value::Computed,
        Some(_) => literal.string_value().map_or(Value::Computed, Value::Constant),
    }
}

/// A name that stands alone: of a column, unless it is a keyword such as `CURRENT_USER`.
fn column_named(column: &ast::NameRef, cx: &Context<'_>) -> Value {
    if super::super::walk::keyword_call(column).is_some() {
        return Value::Computed;
    }
    Value::Column(name::name(cx.text(column)))
}

/// `table.column`; a field of something computed is none.
fn qualified_column(field: &ast::FieldExpr, cx: &Context<'_>) -> Value {
    let plain =
        field.base().is_some_and(|base| matches!(base, ast::Expr::NameRef(_) | ast::Expr::FieldExpr(_)));
    match field.field() {
        Some(last) if plain && field.star_token().is_none() => Value::Column(name::name(cx.text(&last))),
        _ => Value::Computed,
    }
}

/// `CAST (x AS type)`, `x::type` and `type 'x'`: a cast column is computed.
fn cast_value(cast: &ast::CastExpr, cx: &Context<'_>) -> Value {
    operand(cast).map_or(Value::Computed, |inner| unchanged(value(&inner, cx)))
}

fn unchanged(value: Value) -> Value {
    if let Value::Column(_) = value { Value::Computed } else { value }
}

/// `-1`, `+1`.
fn signed(prefix: &ast::PrefixExpr, cx: &Context<'_>) -> Value {
    let inner = prefix.expr().map_or(Value::Computed, |inner| value(&inner, cx));
    match (prefix.op(), inner) {
        (Some(SyntaxKind::MINUS), Value::Constant(number)) => Value::Constant(negated(&number)),
        (Some(SyntaxKind::PLUS), Value::Constant(number)) => Value::Constant(number),
        _ => Value::Computed,
    }
}

fn negated(number: &str) -> String {
    number.strip_prefix('-').map_or_else(|| format!("-{number}"), ToOwned::to_owned)
}
