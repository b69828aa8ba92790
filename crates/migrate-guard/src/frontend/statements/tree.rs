use crate::Span;
use crate::ddl::OpaqueReason;
use crate::frontend::parse::{Tree, parse};
use crate::frontend::source::Source;
use crate::frontend::split::Piece;
use crate::frontend::text::{is_trivia, tokens};
use crate::frontend::thin::{Thinned, thinned};

/// Why a piece is not understood, and where in it.
pub(super) struct Broken {
    pub(super) at: Span,
    pub(super) reason: OpaqueReason,
}

/// The tree of a piece; why there is none.
pub(super) fn tree(source: &Source<'_>, piece: Piece) -> Result<Tree, Broken> {
    let all = source.span(piece.start, piece.end);
    if let Some(refusal) = piece.refusal {
        return Err(Broken { at: all, reason: refusal.into() });
    }
    let text = source.text().get(piece.start..piece.end).unwrap_or_default();
    let Thinned { text, rows } = thinned(text);
    match parse(&text) {
        None => Err(Broken { at: all, reason: OpaqueReason::Syntax("the parser gave up".to_owned()) }),
        Some(Tree { error: Some((at, message)), .. }) => {
            let at = token_at(source, piece, piece.start + at);
            Err(Broken { at, reason: OpaqueReason::Syntax(message) })
        }
        Some(tree) => Ok(Tree { rows, ..tree }),
    }
}

/// The token at or behind a byte of a piece, or its end.
fn token_at(source: &Source<'_>, piece: Piece, at: usize) -> Span {
    let rest = source.text().get(at..piece.end).unwrap_or_default();
    let token = tokens(rest).find(|(_, token)| !is_trivia(token.kind));
    let (start, end) =
        token.map_or((rest.len(), rest.len()), |(start, token)| (start, start + token.len as usize));
    source.span(at + start, at + end)
}
