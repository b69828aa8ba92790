use std::ops::Range;

use super::token::{Kind, Token, tokens};

/// How deep blocks, branches and loops are followed into one another.
const MAX_DEPTH: usize = 64;

/// Reads the tokens of a body.
pub(super) struct Reader<'t> {
    tokens: Vec<Token<'t>>,
    at: usize,
    end: usize,
    /// A parenthesis was never closed: from here on a semicolon ends a statement wherever it stands.
    pub(super) unbalanced: bool,
    /// How deep the statement at hand is nested.
    depth: usize,
    /// What was not understood.
    pub(super) broken: Vec<(Range<usize>, Broken)>,
}

/// Why a part of a body was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// It is not where the grammar has it; what was expected.
    Syntax(&'static str),
    /// It is nested too deep.
    TooDeep,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let tokens = tokens(text);
        Self { tokens, at: 0, end: text.len(), unbalanced: false, depth: 0, broken: Vec::new() }
    }

    pub(super) fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) fn peek(&self) -> Option<&Token<'t>> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<&Token<'t>> {
        self.tokens.get(self.at + ahead)
    }

    /// The token at `ahead`, if it is the keyword `word`.
    pub(super) fn is_at(&self, ahead: usize, word: &str) -> bool {
        self.peek_at(ahead).is_some_and(|token| token.is(word))
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.is_at(0, word)
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    pub(super) fn is_kind_at(&self, ahead: usize, kind: Kind) -> bool {
        self.peek_at(ahead).is_some_and(|token| token.kind == kind)
    }

    pub(super) fn is_sign(&self, sign: u8) -> bool {
        self.is_kind_at(0, Kind::Sign(sign))
    }

    pub(super) fn bump(&mut self) {
        self.at += 1;
    }

    pub(super) fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat_kind(&mut self, kind: Kind) -> bool {
        let found = self.is_kind_at(0, kind);
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat_sign(&mut self, sign: u8) -> bool {
        self.eat_kind(Kind::Sign(sign))
    }

    /// The name at hand, which is read.
    pub(super) fn name(&mut self) -> Option<String> {
        let name = self.peek().and_then(Token::name)?;
        self.bump();
        Some(name)
    }

    /// Where the token at hand begins; the end of the text after the last.
    pub(super) fn start(&self) -> usize {
        self.peek().map_or(self.end, |token| token.start)
    }

    /// From `start` to the end of the token that was read last.
    pub(super) fn span_from(&self, start: usize) -> Range<usize> {
        let last = self.at.checked_sub(1).and_then(|last| self.tokens.get(last));
        start..last.map_or(start, Token::end).max(start)
    }

    /// Reads what is nested one deeper, unless that is too deep: then all that is left is passed over.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.broken.push((self.start()..self.end, Broken::TooDeep));
            self.at = self.tokens.len();
            return None;
        }
        self.depth += 1;
        let made = read(self);
        self.depth -= 1;
        Some(made)
    }

    /// `expected` should have been there. Said once for a place.
    pub(super) fn miss(&mut self, expected: &'static str) {
        let start = self.start();
        let span = self.peek().map_or(start..start, Token::range);
        let known = self.broken.last().is_some_and(|(last, _)| last.end >= span.end);
        if !known {
            self.broken.push((span, Broken::Syntax(expected)));
        }
    }

    /// Reads `word`, which must be there.
    pub(super) fn expect(&mut self, word: &'static str) {
        if !self.eat(word) {
            self.miss(word);
        }
    }

    /// Reads the semicolon, which must be there; what stands before it is not understood.
    pub(super) fn expect_semicolon(&mut self) {
        if self.eat_sign(b';') || self.done() {
            return;
        }
        let start = self.start();
        self.skip_to_semicolon();
        let span = self.span_from(start);
        self.eat_sign(b';');
        self.broken.push((span, Broken::Syntax("';'")));
    }

    fn skip_to_semicolon(&mut self) {
        while !self.done() && !self.is_sign(b';') {
            self.bump();
        }
    }

    /// Reads an expression: all up to a semicolon, or up to what `stop` says outside of parentheses.
    pub(super) fn until(&mut self, stop: impl Fn(&Token<'_>) -> bool) -> Range<usize> {
        let start = self.start();
        let from = self.at;
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            if token.is_sign(b';') || (depth == 0 && stop(token)) {
                break;
            }
            depth = nested(depth, token);
            self.bump();
        }
        if self.at == from {
            self.miss("an expression");
        }
        self.span_from(start)
    }

    /// An expression up to the keyword `word`.
    pub(super) fn until_word(&mut self, word: &str) -> Range<usize> {
        self.until(|token| token.is(word))
    }

    /// Expressions with commas between them, up to what `stop` says.
    pub(super) fn list_until(&mut self, stop: impl Fn(&Token<'_>) -> bool) -> Vec<Range<usize>> {
        let mut list = Vec::new();
        loop {
            list.push(self.until(|token| token.is_sign(b',') || stop(token)));
            if !self.eat_sign(b',') {
                return list;
            }
        }
    }
}

fn nested(depth: usize, token: &Token<'_>) -> usize {
    match token.kind {
        Kind::Sign(b'(' | b'[') => depth + 1,
        Kind::Sign(b')' | b']') => depth.saturating_sub(1),
        _ => depth,
    }
}
