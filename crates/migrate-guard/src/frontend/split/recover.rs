use std::iter::once;

use squawk_lexer::TokenKind;

use super::Piece;
use super::words::begins_statement;
use crate::frontend::text::{is_trivia, tokens};

/// A part of a statement that is broken, or of several between which a semicolon is missing.
#[derive(Clone, Copy, Debug)]
pub(in crate::frontend) struct Fragment {
    /// Its bytes.
    pub(in crate::frontend) piece: Piece,
    /// Whether no semicolon stands before it, so that it may be one with the fragment before.
    pub(in crate::frontend) joined: bool,
}

impl Fragment {
    /// The same fragment of a text that begins `by` bytes later.
    pub(in crate::frontend) const fn shifted(self, by: usize) -> Self {
        let Piece { start, end, refusal } = self.piece;
        Self { piece: Piece { start: start + by, end: end + by, refusal }, ..self }
    }
}

/// Cuts a text where statements may begin, since its semicolons do not tell: after each of them wherever it stands, and
/// at each line that begins with the words of a statement.
pub(in crate::frontend) fn fragments(text: &str) -> Vec<Fragment> {
    let mut fragments: Vec<Fragment> = Vec::new();
    let (mut apart, mut joined) = (true, false);
    let mut lines = statement_lines(text).peekable();
    for (start, token) in tokens(text).filter(|(_, token)| !is_trivia(token.kind)) {
        let end = start + token.len as usize;
        while lines.next_if(|line| *line < start).is_some() {}
        if matches!(token.kind, TokenKind::Semi) {
            (apart, joined) = (true, false);
            continue;
        }
        apart |= lines.peek() == Some(&start);
        match fragments.last_mut().filter(|_| !apart) {
            Some(open) => open.piece.end = end,
            None => fragments.push(Fragment { piece: Piece { start, end, refusal: None }, joined }),
        }
        (apart, joined) = (false, true);
    }
    fragments
}

/// The bytes where a line begins with the words of a statement, also those within a string.
fn statement_lines(text: &str) -> impl Iterator<Item = usize> + '_ {
    let lines = once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    lines.filter_map(|line| {
        let rest = text.get(line..)?;
        let indented = rest.trim_start_matches([' ', '\t']);
        begins_statement(indented).then(|| line + rest.len() - indented.len())
    })
}
