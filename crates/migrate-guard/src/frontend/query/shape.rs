use squawk_parser::SyntaxKind;

use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// The statement within parentheses.
pub(in crate::frontend) fn innermost(node: &SyntaxNode) -> SyntaxNode {
    let mut inner = node.clone();
    while inner.kind() == SyntaxKind::PAREN_SELECT {
        match inner.children().find_map(ast::SelectVariant::cast) {
            Some(next) => inner = next.syntax().clone(),
            None => break,
        }
    }
    inner
}

/// What a `SELECT` selects.
pub(in crate::frontend) fn targets(select: &SyntaxNode) -> Option<impl Iterator<Item = ast::Target> + use<>> {
    let clause = select.children().find_map(ast::SelectClause::cast)?;
    Some(clause.target_list()?.targets())
}

/// The one item that is selected, of a `SELECT` without `FROM`.
pub(in crate::frontend) fn single(node: &SyntaxNode) -> Option<ast::Expr> {
    let select = innermost(node);
    let from = || select.children().any(|child| child.kind() == SyntaxKind::FROM_CLAUSE);
    if select.kind() != SyntaxKind::SELECT || from() {
        return None;
    }
    let mut targets = targets(&select)?;
    let first = targets.next()?;
    targets.next().is_none().then(|| first.expr()).flatten()
}

/// `SELECT *`, `RETURNING *`, in any part of a `UNION`.
pub(super) fn has_star(node: &SyntaxNode) -> bool {
    let inner = innermost(node);
    match inner.kind() {
        SyntaxKind::COMPOUND_SELECT => inner.children().any(|operand| has_star(&operand)),
        SyntaxKind::TABLE => true,
        SyntaxKind::SELECT | SyntaxKind::SELECT_INTO => {
            targets(&inner).is_some_and(|mut targets| targets.any(|target| is_star(&target)))
        }
        _ => returning(&inner).is_some_and(|list| list.targets().any(|target| is_star(&target))),
    }
}

fn returning(node: &SyntaxNode) -> Option<ast::TargetList> {
    node.children().find_map(ast::ReturningClause::cast)?.target_list()
}

fn is_star(target: &ast::Target) -> bool {
    let of_one = |expr| matches!(expr, ast::Expr::FieldExpr(field) if field.star_token().is_some());
    target.star_token().is_some() || target.expr().is_some_and(of_one)
}

/// Whether a limit bounds the rows: of a `SELECT` its own, of a write one in what it takes its rows from.
pub(super) fn is_limited(node: &SyntaxNode) -> bool {
    match node.kind() {
        SyntaxKind::INSERT => source(node).is_some_and(|source| is_limited(&source)),
        SyntaxKind::UPDATE | SyntaxKind::DELETE | SyntaxKind::MERGE => {
            node.descendants().any(|clause| limits(&clause))
        }
        SyntaxKind::PAREN_SELECT => {
            let inner = innermost(node);
            // What the parser takes within parentheses need not be a query.
            has_limit(node) || inner.kind() != SyntaxKind::PAREN_SELECT && is_limited(&inner)
        }
        _ => has_limit(node),
    }
}

fn has_limit(node: &SyntaxNode) -> bool {
    node.children().any(|clause| limits(&clause))
}

fn limits(clause: &SyntaxNode) -> bool {
    let all = || clause.children().any(|child| child.kind() == SyntaxKind::ALL);
    clause.kind() == SyntaxKind::FETCH_CLAUSE || clause.kind() == SyntaxKind::LIMIT_CLAUSE && !all()
}

/// The query an `INSERT` takes its rows from.
pub(super) fn source(insert: &SyntaxNode) -> Option<SyntaxNode> {
    insert.children().find_map(ast::SelectVariant::cast).map(|variant| variant.syntax().clone())
}
