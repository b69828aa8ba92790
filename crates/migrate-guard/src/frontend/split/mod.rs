//! Cuts a text into statements by its tokens, in one pass, so that a broken one never hides the next.

mod atomic;
mod endless;
mod nesting;
mod recover;
mod refusal;
mod words;

use squawk_lexer::TokenKind;

use self::atomic::Atomic;
pub(super) use self::nesting::MAX_DEPTH;
pub(super) use self::recover::{Fragment, fragments};
use self::refusal::Watch;
pub(super) use self::refusal::{Refusal, refusal};
use super::text::{is_trivia, tokens};

/// The bytes of one statement, without its semicolon and the comments around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after its last.
    pub(super) end: usize,
    /// Why it is better not parsed.
    pub(super) refusal: Option<Refusal>,
}

/// The statements of a text, as far as semicolons tell them apart.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece> + '_ {
    let mut tokens = tokens(text);
    std::iter::from_fn(move || {
        let mut open = Open::default();
        for (start, token) in tokens.by_ref() {
            let end = start + token.len as usize;
            if is_trivia(token.kind) {
                continue;
            }
            if matches!(token.kind, TokenKind::Semi) && open.ends_here() {
                match open.close() {
                    Some(piece) => return Some(piece),
                    None => continue,
                }
            }
            open.take(token.kind, &text[start..end], start, end);
        }
        open.close()
    })
}

/// A statement that is being read.
#[derive(Default)]
struct Open {
    bytes: Option<(usize, usize)>,
    atomic: Atomic,
    watch: Watch,
}

impl Open {
    fn take(&mut self, kind: TokenKind, text: &str, start: usize, end: usize) {
        self.bytes = Some((self.bytes.map_or(start, |(first, _)| first), end));
        self.watch.take(kind, text, start);
        if matches!(kind, TokenKind::Ident) && self.watch.brackets() == 0 {
            self.atomic.take(text);
        }
    }

    /// Whether a semicolon ends it: not within parentheses, as in `CREATE RULE … DO (a; b)`, nor within a body.
    fn ends_here(&self) -> bool {
        self.watch.brackets() == 0 && !self.atomic.is_open()
    }

    fn close(&mut self) -> Option<Piece> {
        let open = std::mem::take(self);
        let (start, end) = open.bytes?;
        Some(Piece { start, end, refusal: open.watch.refusal() })
    }
}

#[cfg(test)]
mod tests;
