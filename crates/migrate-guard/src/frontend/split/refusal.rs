use squawk_lexer::TokenKind;

use super::endless::Endless;
use super::nesting::Nesting;
use crate::ddl::OpaqueReason;
use crate::frontend::text::{is_trivia, tokens};

/// Why a piece is better not parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::frontend) enum Refusal {
    /// It nests so deep that the parser would overflow the stack.
    TooDeep,
    /// The parser would not come to an end.
    Endless,
}

impl From<Refusal> for OpaqueReason {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::TooDeep => Self::TooDeep,
            Refusal::Endless => Self::Syntax("expected a name".to_owned()),
        }
    }
}

/// Watches the tokens of a piece for what makes it better not parsed.
#[derive(Debug, Default)]
pub(super) struct Watch {
    nesting: Nesting,
    endless: Endless,
}

impl Watch {
    /// Reads one token that is no white space and no comment.
    pub(super) fn take(&mut self, kind: TokenKind, text: &str, start: usize) {
        self.nesting.take(kind, text, start);
        if matches!(kind, TokenKind::Ident) {
            self.endless.take(text);
        }
    }

    /// How many brackets are open.
    pub(super) const fn brackets(&self) -> usize {
        self.nesting.brackets()
    }

    /// What it saw.
    pub(super) const fn refusal(&self) -> Option<Refusal> {
        if self.nesting.too_deep() {
            Some(Refusal::TooDeep)
        } else if self.endless.found() {
            Some(Refusal::Endless)
        } else {
            None
        }
    }
}

/// Why a text is better not parsed, if it is.
pub(in crate::frontend) fn refusal(text: &str) -> Option<Refusal> {
    let mut watch = Watch::default();
    for (start, token) in tokens(text).filter(|(_, token)| !is_trivia(token.kind)) {
        watch.take(token.kind, text.get(start..start + token.len as usize).unwrap_or_default(), start);
    }
    watch.refusal()
}
