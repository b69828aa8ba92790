use squawk_syntax::ast;

use super::context::Context;
use crate::ddl::Expr;

/// An expression.
pub(super) fn expr(node: &ast::Expr, cx: &mut Context<'_>) -> Expr {
    Expr { span: cx.span(node), text: cx.folded(node), ..Expr::default() }
}
