use super::super::context::Context;
use super::super::name;
use super::super::walk::keyword_call;
use crate::frontend::tree::ast::{self, AstNode};

/// What is cast.
pub(in crate::frontend) fn operand(cast: &ast::CastExpr) -> Option<ast::Expr> {
    cast.syntax().children().find_map(ast::Expr::cast)
}

/// A call of one of PostgreSQL's own functions, with its arguments in order.
pub(in crate::frontend) fn plain(node: &ast::Expr, cx: &Context<'_>) -> Option<(String, Vec<ast::Expr>)> {
    if let ast::Expr::NameRef(keyword) = node {
        return keyword_call(keyword).map(|name| (name.to_owned(), Vec::new()));
    }
    let ast::Expr::CallExpr(call) = node else { return None };
    let function = call.expr()?;
    let name = name::object(cx.text(&function));
    let own = name.schema.is_none_or(|schema| schema == "pg_catalog");
    let arguments: Option<Vec<_>> = call.arg_list()?.args().map(|argument| argument.expr()).collect();
    arguments.filter(|_| own).map(|arguments| (name.name, arguments))
}
