//! Views of nodes by their kind, with what the grammar has in them. Those that nothing asks for are not here.

#[macro_use]
mod view;

mod actions;
mod choices;
mod clauses;
mod expressions;
mod literal;
mod more;
mod names;
mod operators;
mod statements;

use std::marker::PhantomData;

use squawk_parser::SyntaxKind;

pub(in crate::frontend) use self::actions::*;
pub(in crate::frontend) use self::choices::*;
pub(in crate::frontend) use self::clauses::*;
pub(in crate::frontend) use self::expressions::*;
pub(in crate::frontend) use self::more::HasCreateTable;
pub(in crate::frontend) use self::names::*;
pub(in crate::frontend) use self::statements::*;
use super::SyntaxNode;

/// A view of the nodes of some kinds.
pub(in crate::frontend) trait AstNode: Sized {
    fn can_cast(kind: SyntaxKind) -> bool;

    /// A node as this, if it is one.
    fn cast(node: SyntaxNode) -> Option<Self>;

    fn syntax(&self) -> &SyntaxNode;
}

/// The nodes of some kinds right in a node.
pub(in crate::frontend) struct AstChildren<N> {
    node: SyntaxNode,
    next: u32,
    of: PhantomData<N>,
}

impl<N: AstNode> AstChildren<N> {
    fn of(node: &SyntaxNode) -> Self {
        Self { node: node.clone(), next: node.at + 1, of: PhantomData }
    }
}

impl<N: AstNode> Iterator for AstChildren<N> {
    type Item = N;

    fn next(&mut self) -> Option<N> {
        let child = self.node.next_child(self.next, N::can_cast)?;
        self.next = child.after();
        N::cast(child)
    }
}

fn child<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    node.child(N::can_cast).and_then(N::cast)
}
