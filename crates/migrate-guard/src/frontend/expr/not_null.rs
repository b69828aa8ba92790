use squawk_syntax::ast::{self, BinOp, LitKind, PostfixOp, PrefixOp};

use super::super::context::Context;
use super::value;
use crate::ddl::Value;

/// The columns that are certainly not null where an expression is true, each once, in order.
pub(super) fn proven(node: &ast::Expr, cx: &Context<'_>) -> Vec<String> {
    prove(node, true, cx)
}

/// The columns that are not null where an expression is true, or false, as `holds` says.
fn prove(node: &ast::Expr, holds: bool, cx: &Context<'_>) -> Vec<String> {
    match node {
        ast::Expr::ParenExpr(paren) => paren.expr().map_or_else(Vec::new, |inner| prove(&inner, holds, cx)),
        ast::Expr::PrefixExpr(prefix) => negated(prefix, holds, cx),
        ast::Expr::PostfixExpr(postfix) => tested(postfix, holds, cx),
        ast::Expr::BinExpr(binary) => joined(binary, holds, cx),
        _ => Vec::new(),
    }
}

/// `NOT x`.
fn negated(prefix: &ast::PrefixExpr, holds: bool, cx: &Context<'_>) -> Vec<String> {
    match (prefix.op(), prefix.expr()) {
        (Some(PrefixOp::Not(_)), Some(inner)) => prove(&inner, !holds, cx),
        _ => Vec::new(),
    }
}

/// `x NOTNULL`, `x ISNULL`.
fn tested(postfix: &ast::PostfixExpr, holds: bool, cx: &Context<'_>) -> Vec<String> {
    let proves = matches!(
        (postfix.op(), holds),
        (Some(PostfixOp::NotNull(_)), true) | (Some(PostfixOp::IsNull(_)), false)
    );
    postfix.expr().filter(|_| proves).and_then(|tested| column(&tested, cx)).into_iter().collect()
}

/// `x IS NOT NULL`, `x AND y`, `x OR y`.
fn joined(binary: &ast::BinExpr, holds: bool, cx: &Context<'_>) -> Vec<String> {
    let (Some(op), Some(left), Some(right)) = (binary.op(), binary.lhs(), binary.rhs()) else {
        return Vec::new();
    };
    match (op, holds) {
        (BinOp::And(_), true) | (BinOp::Or(_), false) => {
            union(prove(&left, holds, cx), prove(&right, holds, cx))
        }
        (BinOp::Or(_), true) | (BinOp::And(_), false) => {
            common(prove(&left, holds, cx), &prove(&right, holds, cx))
        }
        (BinOp::IsNot(_), true) | (BinOp::Is(_), false) if is_null(&right) => {
            column(&left, cx).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn union(mut left: Vec<String>, right: Vec<String>) -> Vec<String> {
    for name in right {
        if !left.contains(&name) {
            left.push(name);
        }
    }
    left
}

fn common(mut left: Vec<String>, right: &[String]) -> Vec<String> {
    left.retain(|name| right.contains(name));
    left
}

fn is_null(node: &ast::Expr) -> bool {
    matches!(node, ast::Expr::Literal(literal) if matches!(literal.kind(), Some(LitKind::Null(_))))
}

fn column(node: &ast::Expr, cx: &Context<'_>) -> Option<String> {
    match value(node, cx) {
        Value::Column(name) => Some(name),
        _ => None,
    }
}
