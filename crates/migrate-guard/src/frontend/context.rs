use rowan::TextRange;
use squawk_syntax::decoded_text::DecodedText;

use super::body::Known;
use super::source::Source;
use super::{name, text};
use crate::ddl::{Opaque, OpaqueReason};
use crate::frontend::tree::ast::AstNode;
use crate::{ObjectName, Span};

/// What lowering a tree needs to know, and what it could not understand.
#[derive(Debug)]
pub(super) struct Context<'a> {
    source: &'a Source<'a>,
    piece: usize,
    known: Known,
    opaque: Vec<Opaque>,
}

impl<'a> Context<'a> {
    /// For a tree whose text begins at byte `piece` of `source`.
    pub(super) fn new(source: &'a Source<'a>, piece: usize, known: &Known) -> Self {
        Self { source, piece, known: known.clone(), opaque: Vec::new() }
    }

    /// Where a node stands in the migration.
    pub(super) fn span(&self, node: &impl AstNode) -> Span {
        self.span_of(node.syntax().text_range())
    }

    /// Where a part of the tree stands in the migration.
    pub(super) fn span_of(&self, range: TextRange) -> Span {
        let (start, end) = self.bytes(range);
        self.source.span(start, end)
    }

    /// A node as it is written.
    pub(super) fn text(&self, node: &impl AstNode) -> &'a str {
        self.text_of(node.syntax().text_range())
    }

    /// A part of the tree as it is written.
    pub(super) fn text_of(&self, range: TextRange) -> &'a str {
        let (start, end) = self.bytes(range);
        self.source.text().get(start..end).unwrap_or_default()
    }

    /// A node as it is written, comments and white space folded to single spaces.
    pub(super) fn folded(&self, node: &impl AstNode) -> String {
        text::fold(self.text(node))
    }

    /// A node that is one name.
    pub(super) fn name(&self, node: &impl AstNode) -> String {
        name::name(self.text(node))
    }

    /// A node that is a name which may have a schema.
    pub(super) fn object(&self, node: &impl AstNode) -> ObjectName {
        name::object(self.text(node))
    }

    /// The text of a string of this tree, as one to parse. `None` if there are too many bodies around it.
    pub(super) fn body<'b>(&self, string: &impl AstNode, decoded: &'b DecodedText) -> Option<Source<'b>>
    where
        'a: 'b,
    {
        self.source.within(decoded, self.start(string))
    }

    /// The byte of the migration at which a string of this tree begins, if it does not stand in another string.
    pub(super) fn top(&self, string: &impl AstNode) -> Option<usize> {
        self.source.top().map(|start| start + self.start(string))
    }

    fn start(&self, node: &impl AstNode) -> usize {
        self.bytes(node.syntax().text_range()).0
    }

    /// What is known to parse.
    pub(super) const fn known(&self) -> &Known {
        &self.known
    }

    /// Says that a part could not be understood.
    pub(super) fn opaque(&mut self, span: Span, reason: OpaqueReason) {
        self.opaque.push(Opaque { span, reason });
    }

    /// Takes what was not understood so far.
    pub(super) fn take_opaque(&mut self) -> Vec<Opaque> {
        std::mem::take(&mut self.opaque)
    }

    /// Takes what was not understood, and puts back what was before.
    pub(super) fn replace_opaque(&mut self, before: Vec<Opaque>) -> Vec<Opaque> {
        std::mem::replace(&mut self.opaque, before)
    }

    fn bytes(&self, range: TextRange) -> (usize, usize) {
        (self.piece + usize::from(range.start()), self.piece + usize::from(range.end()))
    }
}
