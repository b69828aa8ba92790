//! Statements that PostgreSQL takes and the parser does not.

use squawk_lexer::{LiteralKind, TokenKind};

use super::text::{is_trivia, tokens};
use crate::ddl::{Ddl, Setting};

/// What a statement says, if it is one of these.
pub(super) fn lower(text: &str) -> Option<Ddl> {
    let mut words = tokens(text).filter(|(_, token)| !is_trivia(token.kind)).map(|(start, token)| {
        let word = text.get(start..start + token.len as usize).unwrap_or_default();
        (token.kind, word)
    });
    let mut next_is = |keyword: &str| words.next().filter(|(_, word)| word.eq_ignore_ascii_case(keyword));
    next_is("set")?;
    next_is("names")?;
    let value = match words.next() {
        None => None,
        Some((TokenKind::Literal { kind: LiteralKind::Str { terminated: true } }, value)) => Some(value),
        Some((_, value)) if value.eq_ignore_ascii_case("default") => None,
        Some(_) => return None,
    };
    let value = value.map(|value| value.trim_matches('\'').to_owned());
    let name = "client_encoding".to_owned();
    words.next().is_none().then_some(Ddl::Set(Setting { local: false, name, value }))
}
