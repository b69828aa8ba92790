use std::ops::Range;

use squawk_lexer::{LiteralKind, TokenKind, tokenize};

use crate::frontend::name;

/// What a token of a body is, as far as PL/pgSQL asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a name.
    Word,
    /// A name in double quotes.
    Quoted,
    /// A string, in whatever quotes.
    String,
    /// A number or a parameter: `1`, `$1`.
    Number,
    /// `:=`.
    Assign,
    /// `<<`.
    LabelOpen,
    /// `>>`.
    LabelClose,
    /// `..`.
    Range,
    /// Any other sign, by its first byte.
    Sign(u8),
}

/// A token of a body. White space and comments are none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) start: usize,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end()
    }

    /// Whether it is this keyword, which is given in lower case.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_sign(&self, sign: u8) -> bool {
        self.kind == Kind::Sign(sign)
    }

    /// The name it is.
    pub(super) fn name(&self) -> Option<String> {
        matches!(self.kind, Kind::Word | Kind::Quoted).then(|| name::name(self.text))
    }
}

/// The tokens of a body.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found: Vec<Token<'_>> = Vec::with_capacity(text.len() / 6);
    let mut at = 0;
    for token in tokenize(text) {
        let end = at + token.len as usize;
        if let (Some(kind), Some(piece)) = (kind(token.kind), text.get(at..end)) {
            push(&mut found, Token { kind, text: piece, start: at }, text);
        }
        at = end;
    }
    found
}

/// Two signs side by side may be one token.
fn push<'t>(found: &mut Vec<Token<'t>>, token: Token<'t>, text: &'t str) {
    let joined = found.last().filter(|last| last.end() == token.start).and_then(|last| join(last, &token));
    match (joined, found.last_mut()) {
        (Some(kind), Some(last)) => {
            last.kind = kind;
            last.text = text.get(last.start..token.end()).unwrap_or(last.text);
        }
        _ => found.push(token),
    }
}

fn join(last: &Token<'_>, next: &Token<'_>) -> Option<Kind> {
    match (last.kind, next.kind) {
        (Kind::Sign(b':'), Kind::Sign(b'=')) => Some(Kind::Assign),
        (Kind::Sign(b'<'), Kind::Sign(b'<')) => Some(Kind::LabelOpen),
        (Kind::Sign(b'>'), Kind::Sign(b'>')) => Some(Kind::LabelClose),
        _ => None,
    }
}

fn kind(kind: TokenKind) -> Option<Kind> {
    match kind {
        TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } | TokenKind::Eof => {
            None
        }
        TokenKind::Ident => Some(Kind::Word),
        TokenKind::QuotedIdent { .. } => Some(Kind::Quoted),
        TokenKind::Literal { kind: LiteralKind::Int { .. } | LiteralKind::Numeric { .. } }
        | TokenKind::PositionalParam { .. } => Some(Kind::Number),
        TokenKind::Literal { .. } => Some(Kind::String),
        TokenKind::DotDot => Some(Kind::Range),
        other => Some(Kind::Sign(sign(other))),
    }
}

fn sign(kind: TokenKind) -> u8 {
    match kind {
        TokenKind::Semi => b';',
        TokenKind::Comma => b',',
        TokenKind::Colon => b':',
        TokenKind::Eq => b'=',
        TokenKind::Lt => b'<',
        TokenKind::Gt => b'>',
        TokenKind::Dot => b'.',
        TokenKind::OpenParen => b'(',
        TokenKind::CloseParen => b')',
        TokenKind::OpenBracket => b'[',
        TokenKind::CloseBracket => b']',
        TokenKind::Pound => b'#',
        TokenKind::Percent => b'%',
        _ => b'?',
    }
}
