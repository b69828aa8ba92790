//! Expressions: what they call, name and read, and what they plainly are.

mod not_null;
#[cfg(test)]
mod tests;
mod value;

use squawk_syntax::ast::{self, AstNode};

pub(super) use self::value::value;
use super::context::Context;
use super::walk::Walk;
use crate::ddl::Expr;

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
            cast: None,
        }
    }
}
