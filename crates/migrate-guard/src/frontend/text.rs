use squawk_lexer::{Token, TokenKind, tokenize};

/// The tokens of a text with the byte where each begins.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = (usize, Token)> + '_ {
    tokenize(text).scan(0, |at, token| {
        let start = *at;
        *at += token.len as usize;
        Some((start, token))
    })
}

/// Whether a token says nothing: white space or a comment. One that is never closed hides what is in it.
pub(super) const fn is_trivia(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { terminated: true }
    )
}

/// The text with each run of white space and comments as one space, and none at its ends.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for (start, token) in tokens(text) {
        if is_trivia(token.kind) {
            gap = true;
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        folded.push_str(&text[start..start + token.len as usize]);
    }
    folded
}
