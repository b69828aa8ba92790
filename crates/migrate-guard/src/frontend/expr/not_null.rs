use squawk_parser::SyntaxKind;

use super::super::context::Context;
use super::super::names::Names;
use super::value;
use crate::ddl::Value;
use crate::frontend::tree::ast;

/// The columns that are certainly not null where an expression is true, each once, in order.
pub(super) fn proven(node: &ast::Expr, cx: &Context<'_>) -> Names {
    prove(node, true, cx)
}

/// The columns that are not null where an expression is true, or false, as `holds` says.
fn prove(node: &ast::Expr, holds: bool, cx: &Context<'_>) -> Names {
    match node {
        ast::Expr::ParenExpr(paren) => {
            paren.expr().map_or_else(Names::default, |inner| prove(&inner, holds, cx))
        }
        ast::Expr::PrefixExpr(prefix) => negated(prefix, holds, cx),
        ast::Expr::PostfixExpr(postfix) => tested(postfix, holds, cx),
        ast::Expr::BinExpr(binary) => joined(binary, holds, cx),
        _ => Names::default(),
    }
}

/// `NOT x`.
fn negated(prefix: &ast::PrefixExpr, holds: bool, cx: &Context<'_>) -> Names {
    match (prefix.op(), prefix.expr()) {
        (Some(SyntaxKind::NOT_KW), Some(inner)) => prove(&inner, !holds, cx),
        _ => Names::default(),
    }
}

/// `x NOTNULL`, `x ISNULL`.
fn tested(postfix: &ast::PostfixExpr, holds: bool, cx: &Context<'_>) -> Names {
    let proves = matches!(
        (postfix.op(), holds),
        (Some(SyntaxKind::NOTNULL_KW), true) | (Some(SyntaxKind::ISNULL_KW), false)
    );
    postfix.expr().filter(|_| proves).and_then(|tested| column(&tested, cx)).into_iter().collect()
}

/// `x IS NOT NULL`, `x AND y`, `x OR y`.
fn joined(binary: &ast::BinExpr, holds: bool, cx: &Context<'_>) -> Names {
    let (Some(op), Some(left), Some(right)) = (binary.op(), binary.lhs(), binary.rhs()) else {
        return Names::default();
    };
    match (op, holds) {
        (SyntaxKind::AND_KW, true) | (SyntaxKind::OR_KW, false) => {
            union(prove(&left, holds, cx), prove(&right, holds, cx))
        }
        (SyntaxKind::OR_KW, true) | (SyntaxKind::AND_KW, false) => {
            prove(&left, holds, cx).common(&prove(&right, holds, cx))
        }
        (SyntaxKind::IS_NOT, true) | (SyntaxKind::IS_KW, false) if is_null(&right) => {
            column(&left, cx).into_iter().collect()
        }
        _ => Names::default(),
    }
}

fn union(mut left: Names, right: Names) -> Names {
    left.extend(right);
    left
}

fn is_null(node: &ast::Expr) -> bool {
    matches!(node, ast::Expr::Literal(literal) if matches!(literal.kind(), Some(SyntaxKind::NULL_KW)))
}

fn column(node: &ast::Expr, cx: &Context<'_>) -> Option<String> {
    match value(node, cx) {
        Value::Column(name) => Some(name),
        _ => None,
    }
}
