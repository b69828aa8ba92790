//! Syntax trees: what the parser saw, in one list, and views of it by kind.
//!
//! The parser's own trees are rowan's. Those are made for editors: they are shared, edited in place, and looking at a node
//! allocates it. A linter walks a tree once and drops it, for which a list is several times cheaper.

pub(super) mod ast;
mod build;
#[cfg(test)]
mod tests;
mod walk;

use std::fmt;
use std::rc::Rc;

use rowan::TextRange;
use squawk_parser::SyntaxKind;

pub(super) use self::build::Builder;

/// A node or a token of a tree. White space and comments are in none.
#[derive(Clone)]
pub(super) struct SyntaxNode {
    tree: Rc<Parts>,
    at: u32,
}

/// The parts of a tree, each before what is in it, and the text they stand in.
struct Parts {
    text: Box<str>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy)]
struct Part {
    kind: SyntaxKind,
    is_token: bool,
    start: u32,
    end: u32,
    /// The part behind this one and all that is in it.
    after: u32,
    /// The part this one is in; of the root itself.
    above: u32,
}

impl SyntaxNode {
    pub(super) fn kind(&self) -> SyntaxKind {
        self.part().kind
    }

    /// Its bytes, from its first token to its last.
    pub(super) fn text_range(&self) -> TextRange {
        let part = self.part();
        TextRange::new(part.start.into(), part.end.into())
    }

    /// As it is written, with the comments in it.
    pub(super) fn text(&self) -> &str {
        let part = self.part();
        self.tree.text.get(part.start as usize..part.end as usize).unwrap_or_default()
    }

    fn part(&self) -> Part {
        self.tree.parts[self.at as usize]
    }

    fn beside(&self, at: u32) -> Self {
        Self { tree: Rc::clone(&self.tree), at }
    }
}

impl PartialEq for SyntaxNode {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.tree, &other.tree) && self.at == other.at
    }
}

impl fmt::Debug for SyntaxNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.kind(), self.text())
    }
}
