//! Strings that are made of what is known while the migration is read: the SQL of `EXECUTE`.

mod format;
mod functions;

use crate::frontend::tree::ast;

use self::functions::called;
use super::super::context::Context;
use super::super::expr::{call, value};
use crate::ddl::Value;

/// The longest string that is made: more is not SQL that anybody wrote.
const LONGEST: usize = 1 << 20;

/// The text of variables, where it is known.
pub(super) type Known<'k> = dyn Fn(&str) -> Option<String> + 'k;

/// The text an expression comes to. `None` if it cannot be told, also if it is `NULL`.
pub(super) fn text(node: &ast::Expr, cx: &Context<'_>, known: &Known<'_>) -> Option<String> {
    constant(part(node, cx, known))
}

/// A constant or `NULL`, or computed if it cannot be told.
fn part(node: &ast::Expr, cx: &Context<'_>, known: &Known<'_>) -> Value {
    match (node, value(node, cx)) {
        (ast::Expr::CastExpr(cast), _) => cast_value(cast, cx, known),
        (_, plain @ (Value::Constant(_) | Value::Null)) => plain,
        (ast::Expr::NameRef(_), Value::Column(name)) => known(&name).map_or(Value::Computed, Value::Constant),
        (ast::Expr::ParenExpr(paren), _) => {
            paren.expr().map_or(Value::Computed, |inner| part(&inner, cx, known))
        }
        (ast::Expr::BinExpr(binary), _) => joined(binary, cx, known),
        (ast::Expr::CallExpr(_) | ast::Expr::NameRef(_), _) => {
            call::plain(node, cx).map_or(Value::Computed, |(name, arguments)| {
                called(&name, &arguments.iter().map(|argument| part(argument, cx, known)).collect::<Vec<_>>())
            })
        }
        _ => Value::Computed,
    }
}

/// `a || b`, which is `NULL` if one of them is.
fn joined(binary: &ast::BinExpr, cx: &Context<'_>, known: &Known<'_>) -> Value {
    let (Some(op), Some(left), Some(right)) = (binary.operator(), binary.lhs(), binary.rhs()) else {
        return Value::Computed;
    };
    match (part(&left, cx, known), part(&right, cx, known)) {
        _ if op.text() != "||" => Value::Computed,
        (Value::Constant(left), Value::Constant(right)) => functions::bounded(left + &right),
        (Value::Computed, _) | (_, Value::Computed) => Value::Computed,
        _ => Value::Null,
    }
}

/// A cast to a type that shows the same text.
fn cast_value(cast: &ast::CastExpr, cx: &Context<'_>, known: &Known<'_>) -> Value {
    const SAME: &[&str] =
        &["text", "varchar", "name", "regclass", "regtype", "int", "integer", "bigint", "smallint"];
    let same = cast.ty().is_some_and(|ty| SAME.contains(&cx.folded(&ty).to_ascii_lowercase().as_str()));
    match call::operand(cast) {
        Some(inner) if same => part(&inner, cx, known),
        _ => Value::Computed,
    }
}

fn constant(value: Value) -> Option<String> {
    match value {
        Value::Constant(text) => Some(text),
        _ => None,
    }
}
