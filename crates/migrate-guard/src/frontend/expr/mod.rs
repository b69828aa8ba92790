//! Expressions: what they call, name and read, and what they plainly are.

pub(super) mod call;
mod not_null;
#[cfg(test)]
mod tests;
mod value;

use crate::frontend::tree::ast::{self, AstNode};

pub(super) use self::value::value;
use super::context::Context;
use super::lower::types::type_ref;
use super::walk::{Found, Walk};
use crate::ddl::{Expr, TypeRef};

/// An expression.
pub(super) fn expr(node: &ast::Expr, cx: &mut Context<'_>) -> Expr {
    let mut walk = Walk::new(cx);
    let found = walk.within(|walk| walk.visit(node.syntax()));
    walk.expr_of(node, &found)
}

impl Walk<'_, '_> {
    /// An expression, in which that was found.
    pub(super) fn expr_of(&self, node: &ast::Expr, found: &Found) -> Expr {
        Expr {
            span: self.cx.span(node),
            text: self.cx.folded(node),
            value: value(node, self.cx),
            calls: found.calls.clone(),
            columns: found.columns.to_vec(),
            reads: found.reads.clone(),
            not_null: not_null::proven(node, self.cx).into(),
            cast: cast(node, self.cx).map(Box::new),
        }
    }
}

/// The type of an expression that is a cast.
fn cast(node: &ast::Expr, cx: &Context<'_>) -> Option<TypeRef> {
    match node {
        ast::Expr::CastExpr(cast) => cast.ty().map(|ty| type_ref(&ty, cx)),
        ast::Expr::ParenExpr(paren) => cast(&paren.expr()?, cx),
        _ => None,
    }
}
