use squawk_parser::SyntaxKind;

use super::super::query::single;
use super::{Found, Walk};
use crate::ddl::Expr;
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// What of the clauses of a statement is kept as an expression of its own.
#[derive(Debug, Default)]
pub(in crate::frontend) struct Kept {
    /// Its `WHERE`.
    pub(in crate::frontend) filter: Option<Expr>,
    /// The one item of a `SELECT` without `FROM`.
    pub(in crate::frontend) only: Option<Expr>,
}

impl Walk<'_, '_> {
    pub(super) fn keep_filter(&mut self, clause: &SyntaxNode, kept: &mut Kept) {
        match ast::WhereClause::cast(clause.clone()).and_then(|clause| clause.expr()) {
            Some(filter) => kept.filter = Some(self.kept(&filter)),
            None => self.all(clause),
        }
    }

    pub(super) fn keep_only(&mut self, select: &SyntaxNode, clause: &SyntaxNode, kept: &mut Kept) {
        let Some(item) = single(select) else { return self.all(clause) };
        kept.only = Some(self.kept(&item));
        let rest = clause.children().filter(|child| child.kind() != SyntaxKind::TARGET_LIST);
        rest.for_each(|child| self.visit(&child));
    }

    /// An expression, and what is found in it is found in the statement.
    fn kept(&mut self, node: &ast::Expr) -> Expr {
        let found = self.within(|walk| walk.visit(node.syntax()));
        let expr = self.expr_of(node, &found);
        self.found.take_in(found);
        expr
    }
}

impl Found {
    fn take_in(&mut self, other: Self) {
        self.reads.extend(other.reads);
        self.calls.extend(other.calls);
        self.columns.extend(other.columns);
        self.writes.extend(other.writes);
    }
}
