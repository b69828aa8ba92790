use squawk_syntax::ast::{self, AstNode};

use super::context::Context;
use super::lower;
use super::parse::{Parser, Tree};
use super::source::Source;
use super::split::{Piece, pieces};
use crate::ddl::{Ddl, Opaque, OpaqueReason, Statement};

/// The statements of a text, in order.
pub(super) fn statements_of(source: &Source<'_>) -> Vec<Statement> {
    let mut reader = Reader { source, parser: Parser::default(), statements: Vec::new() };
    for piece in pieces(source.text()) {
        reader.read(piece);
    }
    reader.statements
}

/// Reads statement after statement.
struct Reader<'a> {
    source: &'a Source<'a>,
    parser: Parser,
    statements: Vec<Statement>,
}

impl Reader<'_> {
    fn read(&mut self, piece: Piece) {
        let text = self.source.text().get(piece.start..piece.end).unwrap_or_default();
        if piece.too_deep {
            return self.push_opaque(piece, OpaqueReason::TooDeep);
        }
        match self.parser.parse(text) {
            None => self.push_opaque(piece, OpaqueReason::Syntax("the parser gave up".to_owned())),
            Some(Tree { error: Some((_, message)), .. }) => {
                self.push_opaque(piece, OpaqueReason::Syntax(message))
            }
            Some(tree) => self.lower(piece, &tree),
        }
    }

    fn lower(&mut self, piece: Piece, tree: &Tree) {
        let mut cx = Context::new(self.source, piece.start);
        for node in tree.root.children().filter_map(ast::Stmt::cast) {
            self.statements.push(lower::statement(&node, &mut cx));
        }
    }

    fn push_opaque(&mut self, piece: Piece, reason: OpaqueReason) {
        let span = self.source.span(piece.start, piece.end);
        self.statements.push(Statement { span, ddl: Ddl::Opaque, opaque: vec![Opaque { span, reason }] });
    }
}
