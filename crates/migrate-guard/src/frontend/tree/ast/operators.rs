use squawk_parser::SyntaxKind;

use super::{AstChildren, AstNode as _, BinExpr, Expr, PostfixExpr, PrefixExpr};
use crate::frontend::tree::SyntaxNode;

impl BinExpr {
    pub(in crate::frontend) fn lhs(&self) -> Option<Expr> {
        AstChildren::of(&self.node).next()
    }

    pub(in crate::frontend) fn rhs(&self) -> Option<Expr> {
        AstChildren::of(&self.node).nth(1)
    }

    /// A token, or a node where it has several.
    pub(in crate::frontend) fn operator(&self) -> Option<SyntaxNode> {
        self.lhs()?.syntax().followers().next()
    }

    pub(in crate::frontend) fn op(&self) -> Option<SyntaxKind> {
        self.operator().map(|operator| operator.kind())
    }
}

impl PrefixExpr {
    pub(in crate::frontend) fn op(&self) -> Option<SyntaxKind> {
        self.node.elements().next().map(|operator| operator.kind())
    }
}

impl PostfixExpr {
    pub(in crate::frontend) fn op(&self) -> Option<SyntaxKind> {
        self.node.elements().last().map(|operator| operator.kind())
    }
}
