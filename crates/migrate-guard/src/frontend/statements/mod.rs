//! The statements of a text: each piece parsed and lowered, broken ones read as far as they go.

mod recover;
mod tree;

use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{AstNode, Stmt};

use self::tree::{Broken, tree};
use super::body::Known;
use super::context::Context;
use super::parse::Tree;
use super::source::Source;
use super::split::{Piece, pieces};
use super::{lower, unparsed};
use crate::Span;
use crate::ddl::{Ddl, Opaque, OpaqueReason, Rows, Statement};

/// The statements of a text, in order.
pub(super) fn statements_of(source: &Source<'_>) -> Vec<Statement> {
    statements_with(source, &Known::default())
}

/// The same, where the SQL of some bodies is known.
pub(super) fn statements_with(source: &Source<'_>, known: &Known) -> Vec<Statement> {
    let mut reader = Reader { source, known, statements: Vec::new() };
    for piece in pieces(source.text()) {
        reader.read(piece);
    }
    reader.statements
}

/// The one statement of a text, and where in it its tree begins; why there is none.
pub(super) fn one(source: &Source<'_>) -> Result<(SyntaxNode, usize), OpaqueReason> {
    let nothing = || OpaqueReason::Syntax("nothing stands here".to_owned());
    let piece = pieces(source.text()).next().ok_or_else(nothing)?;
    let tree = tree(source, piece).map_err(|broken| broken.reason)?;
    let node = tree.root.children().find_map(Stmt::cast).ok_or_else(nothing)?;
    if tree.flattened { Err(OpaqueReason::TooDeep) } else { Ok((node.syntax().clone(), piece.start)) }
}

/// Reads statement after statement.
struct Reader<'a, 'p> {
    source: &'a Source<'a>,
    known: &'p Known,
    statements: Vec<Statement>,
}

impl<'a> Reader<'a, '_> {
    fn read(&mut self, piece: Piece) {
        match self.parse(piece) {
            Ok(tree) => self.lower(piece, &tree),
            Err(broken) => match unparsed::lower(self.text(piece)) {
                Some(ddl) => self.push(piece, ddl, Vec::new()),
                None => self.recover(piece, broken),
            },
        }
    }

    fn parse(&mut self, piece: Piece) -> Result<Tree, Broken> {
        tree(self.source, piece)
    }

    /// The parser takes several statements for one another's continuation; PostgreSQL does not.
    fn lower(&mut self, piece: Piece, tree: &Tree) {
        let mut cx = Context::new(self.source, piece.start, self.known);
        let first = self.statements.len();
        for node in tree.root.children().filter_map(Stmt::cast) {
            self.statements.push(lower::statement(&node, &mut cx));
        }
        for later in first + 1..self.statements.len() {
            self.note_missing_semicolon(later);
        }
        self.note_what_is_left_out(first, tree);
        if self.statements.len() == first {
            let reason = OpaqueReason::UnknownStatement(lower::first_words(self.text(piece)));
            self.push_opaque(piece, Broken { at: self.source.span(piece.start, piece.end), reason });
        }
    }

    /// The rows that were not parsed are counted, what was nested too deep is said.
    fn note_what_is_left_out(&mut self, first: usize, tree: &Tree) {
        if let Some(Statement { ddl: Ddl::Query(query), .. }) = self.statements.get_mut(first)
            && let Rows::Values(count) = &mut query.rows
        {
            *count += tree.rows;
        }
        if let Some(last) = self.statements.last_mut().filter(|_| tree.flattened) {
            last.opaque.push(Opaque { span: last.span, reason: OpaqueReason::TooDeep });
        }
    }

    /// Says that a semicolon is missing before this statement.
    fn note_missing_semicolon(&mut self, later: usize) {
        if let Some([before, after]) = self.statements.get_mut(later - 1..=later)
            && before.ddl != Ddl::Opaque
        {
            // Statements that `EXECUTE` runs all stand where it does.
            let span = Span::new(before.span.end.min(after.span.start), after.span.start);
            let reason = OpaqueReason::Syntax("expected a semicolon".to_owned());
            before.opaque.push(Opaque { span, reason });
        }
    }

    fn text(&self, piece: Piece) -> &'a str {
        self.source.text().get(piece.start..piece.end).unwrap_or_default()
    }

    fn push_opaque(&mut self, piece: Piece, Broken { at, reason }: Broken) {
        self.push(piece, Ddl::Opaque, vec![Opaque { span: at, reason }]);
    }

    fn push(&mut self, piece: Piece, ddl: Ddl, opaque: Vec<Opaque>) {
        let span = self.source.span(piece.start, piece.end);
        self.statements.push(Statement { span, ddl, opaque });
    }
}
