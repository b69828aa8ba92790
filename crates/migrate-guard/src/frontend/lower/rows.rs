//! Statements that read or write rows.

use super::table;
use crate::ddl::{Ddl, OpaqueReason};
use crate::frontend::context::Context;
use crate::frontend::query::{query, statement};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode, Stmt};

/// A statement that reads or writes rows.
pub(super) fn lower(node: &Stmt, cx: &mut Context<'_>) -> Option<Ddl> {
    Some(match node {
        Stmt::Select(_) | Stmt::CompoundSelect(_) | Stmt::ParenSelect(_) | Stmt::SelectInto(_) => {
            match into(node.syntax().clone()) {
                Some(into) => table::select_into(node.syntax(), &into, cx),
                None => statement(node.syntax(), cx),
            }
        }
        Stmt::Table(_)
        | Stmt::Values(_)
        | Stmt::Insert(_)
        | Stmt::Update(_)
        | Stmt::Delete(_)
        | Stmt::Merge(_)
        | Stmt::Copy(_)
        | Stmt::Call(_)
        | Stmt::Explain(_)
        | Stmt::Prepare(_) => statement(node.syntax(), cx),
        Stmt::Declare(cursor) => Ddl::Query(Box::new(query(cursor.query()?.syntax(), cx))),
        Stmt::Execute(_) => {
            cx.opaque(cx.span(node), OpaqueReason::Dynamic);
            Ddl::Opaque
        }
        _ => return None,
    })
}

/// The `INTO` of a query, which stands in its first `SELECT`.
fn into(mut node: SyntaxNode) -> Option<ast::IntoClause> {
    loop {
        if let Some(select) = ast::SelectInto::cast(node.clone()) {
            return select.target();
        }
        let compound = ast::CompoundSelect::cast(node.clone()).and_then(|compound| compound.lhs());
        let inner = compound.or_else(|| ast::ParenSelect::cast(node).and_then(|paren| paren.select()));
        node = inner?.syntax().clone();
    }
}
