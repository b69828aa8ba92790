//! Expressions: what they call, name and read, and what they plainly are.

pub(super) mod call;
mod not_null;
#[cfg(test)]
mod tests;
mod value;

use squawk_syntax::ast::{self, AstNode};

pub(super) use self::value::value;
use super::context::Context;
use super::lower::types::type_ref;
use super::walk::Walk;
use crate::ddl::{Expr, TypeRef};

/// An expression.
pub(super) fn expr(node: &ast::Expr, cx: &mut Context<'_>) -> Expr {
    Walk::new(cx).expr(node)
}

impl Walk<'_, '_> {
    /// An expression, within the `WITH`s that are open.
    pub(super) fn expr(&mut self, node: &ast::Expr) -> Expr {
        let found = self.within(|walk| walk.visit(node.syntax()));
        Expr {
            span: self.cx.span(node),
            text: self.cx.folded(node),
            value: value(node, self.cx),
            calls: found.calls,
            columns: found.columns,
            reads: found.reads,
            not_null: not_null::proven(node, self.cx),
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
