//! Statements that read or write rows.

mod shape;
mod statement;
#[cfg(test)]
mod tests;
mod write;

use squawk_parser::SyntaxKind;

pub(super) use self::shape::{innermost, single, targets};
pub(super) use self::statement::statement;
use super::context::Context;
use super::walk::Walk;
use crate::ddl::{Query, Verb};
use crate::frontend::tree::SyntaxNode;

/// A statement that reads or writes rows, by its node: `SELECT` in all its forms, `INSERT`, `UPDATE`, `DELETE`,
/// `MERGE`, `COPY`, `CALL`.
pub(super) fn query(node: &SyntaxNode, cx: &mut Context<'_>) -> Query {
    Walk::new(cx).query(node)
}

impl Walk<'_, '_> {
    /// A query, within the `WITH`s that are open.
    pub(super) fn query(&mut self, node: &SyntaxNode) -> Query {
        let (found, kept) = self.whole(node);
        let mut query = Query {
            span: self.cx.span_of(node.text_range()),
            verb: verb(node),
            reads: found.reads,
            calls: found.calls,
            filter: kept.filter,
            limited: shape::is_limited(node),
            star: shape::has_star(node),
            with: found.writes,
            ..Query::default()
        };
        self.writes(node, &mut query);
        query.only = kept.only.filter(|_| query.reads.is_empty() && query.with.is_empty()).map(Box::new);
        query
    }
}

fn verb(node: &SyntaxNode) -> Verb {
    match node.kind() {
        SyntaxKind::INSERT => Verb::Insert,
        SyntaxKind::UPDATE => Verb::Update,
        SyntaxKind::DELETE => Verb::Delete,
        SyntaxKind::MERGE => Verb::Merge,
        SyntaxKind::COPY if node.children().any(|child| child.kind() == SyntaxKind::COPY_FROM) => {
            Verb::CopyFrom
        }
        SyntaxKind::COPY => Verb::CopyTo,
        _ => Verb::Select,
    }
}
