use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{AstNode, Stmt};

use super::context::Context;
use super::lower;
use super::parse::{Parser, Tree};
use super::source::Source;
use super::split::{Fragment, Piece, fragments, is_too_deep, pieces};
use crate::Span;
use crate::ddl::{Ddl, Opaque, OpaqueReason, Statement};

/// Of how many fragments one statement may be put together again.
const MAX_JOINED: usize = 4;

/// The statements of a text, in order.
pub(super) fn statements_of(source: &Source<'_>) -> Vec<Statement> {
    statements_with(source, &mut Parser::default())
}

/// The statements of a text, in order, read by a parser that has read others before.
pub(super) fn statements_with(source: &Source<'_>, parser: &mut Parser) -> Vec<Statement> {
    let mut reader = Reader { source, parser, statements: Vec::new() };
    for piece in pieces(source.text()) {
        reader.read(piece);
    }
    reader.statements
}

/// The one statement of a text, and where in it its tree begins; why there is none.
pub(super) fn one(source: &Source<'_>, parser: &mut Parser) -> Result<(SyntaxNode, usize), OpaqueReason> {
    let nothing = || OpaqueReason::Syntax("nothing stands here".to_owned());
    let piece = pieces(source.text()).next().ok_or_else(nothing)?;
    let tree = tree(source, piece, parser)?;
    let node = tree.root.children().find_map(Stmt::cast).ok_or_else(nothing)?;
    if tree.flattened { Err(OpaqueReason::TooDeep) } else { Ok((node.syntax().clone(), piece.start)) }
}

/// The tree of a piece; why there is none.
fn tree(source: &Source<'_>, piece: Piece, parser: &mut Parser) -> Result<Tree, OpaqueReason> {
    if piece.too_deep {
        return Err(OpaqueReason::TooDeep);
    }
    let text = source.text().get(piece.start..piece.end).unwrap_or_default();
    match parser.parse(text) {
        None => Err(OpaqueReason::Syntax("the parser gave up".to_owned())),
        Some(Tree { error: Some((_, message)), .. }) => Err(OpaqueReason::Syntax(message)),
        Some(tree) => Ok(tree),
    }
}

/// Reads statement after statement.
struct Reader<'a, 'p> {
    source: &'a Source<'a>,
    parser: &'p mut Parser,
    statements: Vec<Statement>,
}

impl<'a> Reader<'a, '_> {
    fn read(&mut self, piece: Piece) {
        match self.parse(piece) {
            Ok(tree) => self.lower(piece, &tree),
            Err(reason) => self.recover(piece, reason),
        }
    }

    fn parse(&mut self, piece: Piece) -> Result<Tree, OpaqueReason> {
        tree(self.source, piece, self.parser)
    }

    /// The parser takes several statements for one another's continuation; PostgreSQL does not.
    fn lower(&mut self, piece: Piece, tree: &Tree) {
        let mut cx = Context::new(self.source, piece.start);
        let first = self.statements.len();
        for node in tree.root.children().filter_map(Stmt::cast) {
            self.statements.push(lower::statement(&node, &mut cx));
        }
        for later in first + 1..self.statements.len() {
            self.note_missing_semicolon(later);
        }
        if let Some(last) = self.statements.last_mut().filter(|_| tree.flattened) {
            last.opaque.push(Opaque { span: last.span, reason: OpaqueReason::TooDeep });
        }
    }

    /// Says that a semicolon is missing before this statement.
    fn note_missing_semicolon(&mut self, later: usize) {
        if let Some([before, after]) = self.statements.get_mut(later - 1..=later) {
            // Statements that `EXECUTE` runs all stand where it does.
            let span = Span::new(before.span.end.min(after.span.start), after.span.start);
            let reason = OpaqueReason::Syntax("expected a semicolon".to_owned());
            before.opaque.push(Opaque { span, reason });
        }
    }

    /// Reads what can be read of a broken piece. If that is nothing, the piece is one statement that is not understood.
    fn recover(&mut self, piece: Piece, reason: OpaqueReason) {
        let fragments = self.fragments(piece);
        let first = self.statements.len();
        let mut rest = if fragments.len() > 1 { fragments.as_slice() } else { &[] };
        while let [fragment, others @ ..] = rest {
            let next = self.statements.len();
            match self.read_some(rest) {
                Ok(left) => rest = left,
                Err(reason) => {
                    self.push_opaque(fragment.piece, reason);
                    rest = others;
                }
            }
            if fragment.joined && next > first {
                self.note_missing_semicolon(next);
            }
        }
        let understood = |statement: &Statement| statement.ddl != Ddl::Opaque;
        if !self.statements.get(first..).unwrap_or_default().iter().any(understood) {
            self.statements.truncate(first);
            self.push_opaque(piece, reason);
        }
    }

    fn fragments(&self, piece: Piece) -> Vec<Fragment> {
        let text = self.text(piece);
        fragments(text).iter().map(|fragment| fragment.shifted(piece.start)).collect()
    }

    /// Reads a statement of as few fragments as make one, and hands back those that are left.
    fn read_some<'f>(&mut self, fragments: &'f [Fragment]) -> Result<&'f [Fragment], OpaqueReason> {
        let start = fragments.first().map_or(0, |first| first.piece.start);
        let mut reason = None;
        for (count, last) in fragments.iter().enumerate().take(MAX_JOINED) {
            if count > 0 && !last.joined {
                break;
            }
            let joined = Piece { start, ..last.piece };
            match self.parse(Piece { too_deep: is_too_deep(self.text(joined)), ..joined }) {
                Ok(tree) => {
                    self.lower(joined, &tree);
                    return Ok(fragments.get(count + 1..).unwrap_or_default());
                }
                Err(why) => reason = reason.or(Some(why)),
            }
        }
        Err(reason.unwrap_or(OpaqueReason::TooDeep))
    }

    fn text(&self, piece: Piece) -> &'a str {
        self.source.text().get(piece.start..piece.end).unwrap_or_default()
    }

    fn push_opaque(&mut self, piece: Piece, reason: OpaqueReason) {
        let span = self.source.span(piece.start, piece.end);
        self.statements.push(Statement { span, ddl: Ddl::Opaque, opaque: vec![Opaque { span, reason }] });
    }
}
