use std::hash::{DefaultHasher, Hash, Hasher};

use squawk_lexer::TokenKind;

/// What an element of a list is made of, constants aside.
#[derive(Clone, Default)]
pub(super) struct Shape {
    hasher: DefaultHasher,
    tokens: usize,
}

impl Shape {
    /// Adds a token. Of the arguments of a function the constants count too.
    pub(super) fn take(&mut self, kind: TokenKind, text: &str, exact: bool) {
        let is_sign = self.tokens == 0 && matches!(kind, TokenKind::Minus | TokenKind::Plus);
        if exact {
            text.hash(&mut self.hasher);
        } else if !is_sign {
            self.tokens += 1;
            self.loosely(kind, text);
        }
    }

    fn loosely(&mut self, kind: TokenKind, text: &str) {
        if matches!(kind, TokenKind::Literal { .. }) || is_constant(text) {
            "?".hash(&mut self.hasher);
        } else if matches!(kind, TokenKind::Ident) {
            text.to_ascii_lowercase().hash(&mut self.hasher);
        } else {
            text.hash(&mut self.hasher);
        }
    }

    /// Adds the shape of what is in brackets.
    pub(super) fn holds(&mut self, inner: u64) {
        self.tokens += 1;
        inner.hash(&mut self.hasher);
    }

    /// Whether nothing was added.
    pub(super) const fn is_empty(&self) -> bool {
        self.tokens == 0
    }

    /// Its number.
    pub(super) fn number(&self) -> u64 {
        self.hasher.finish()
    }
}

fn is_constant(word: &str) -> bool {
    ["null", "true", "false", "default"].iter().any(|constant| word.eq_ignore_ascii_case(constant))
}

/// Words behind which brackets hold a list, and not the arguments of a function.
pub(super) fn opens_list(word: &str) -> bool {
    ["in", "values", "any", "all", "some", "row", "array"]
        .iter()
        .any(|opening| word.eq_ignore_ascii_case(opening))
}
