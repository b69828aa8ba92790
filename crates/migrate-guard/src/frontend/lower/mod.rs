//! From the parser's trees to [`crate::ddl`], one file for each family of statements.

use squawk_syntax::ast::{self, AstNode};

use super::context::Context;
use super::query;
use crate::ddl::{Ddl, OpaqueReason, Statement};

/// A statement, and what in it was not understood.
pub(super) fn statement(node: &ast::Stmt, cx: &mut Context<'_>) -> Statement {
    let ddl = ddl(node, cx);
    Statement { span: statement_span(node, cx), ddl, opaque: cx.take_opaque() }
}

/// The bytes of a statement, less its semicolon.
fn statement_span(node: &ast::Stmt, cx: &Context<'_>) -> crate::Span {
    cx.span(node)
}

/// What a statement says.
pub(super) fn ddl(node: &ast::Stmt, cx: &mut Context<'_>) -> Ddl {
    use ast::Stmt::{
        Call, CompoundSelect, Copy, Delete, Explain, Insert, Merge, ParenSelect, Select, Table, Update,
        Values,
    };
    match node {
        Select(_) | CompoundSelect(_) | ParenSelect(_) | Table(_) | Values(_) | Insert(_) | Update(_)
        | Delete(_) | Merge(_) | Copy(_) | Explain(_) | Call(_) => query::statement(node.syntax(), cx),
        _ => unknown(node, cx),
    }
}

/// A statement of a kind that is not known here.
fn unknown(node: &ast::Stmt, cx: &mut Context<'_>) -> Ddl {
    let words = first_words(&cx.folded(node));
    cx.opaque(cx.span(node), OpaqueReason::UnknownStatement(words));
    Ddl::Opaque
}

/// The words a statement begins with, at most three.
fn first_words(folded: &str) -> String {
    folded.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
