use super::super::reader::Reader;
use super::super::syntax::NodeKind;
use super::super::token::{Kind, Token};

/// What is raised where nothing else is said.
const EXCEPTION: &str = "raise_exception";

/// Levels that raise no error.
const MESSAGES: &[&str] = &["debug", "log", "info", "notice", "warning"];

/// `RAISE level 'format', … USING option = …`, `RAISE condition`, `RAISE SQLSTATE '…'`.
pub(super) fn raise(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    let message = reader.is_any(MESSAGES);
    if message || reader.is("exception") {
        reader.bump();
    }
    let mut condition = named(reader).unwrap_or_else(|| EXCEPTION.to_owned());
    let mut exprs = Vec::new();
    while reader.eat_sign(b',') || reader.eat("using") {
        condition = code(reader).unwrap_or(condition);
        exprs.push(reader.until(is_next));
    }
    NodeKind::Raise { exprs, condition: Some(condition).filter(|_| !message) }
}

fn is_next(token: &Token<'_>) -> bool {
    token.is_sign(b',') || token.is("using")
}

/// The condition, or the state, that stands in place of a message.
fn named(reader: &mut Reader<'_>) -> Option<String> {
    if reader.done() || reader.is_sign(b';') || reader.is("using") {
        return None;
    }
    let state = reader.eat("sqlstate");
    let first = reader.peek().copied()?;
    reader.until(is_next);
    match first.kind {
        Kind::String if state => Some(unquoted(&first)),
        Kind::Word | Kind::Quoted => first.name(),
        _ => None,
    }
}

/// `ERRCODE =`, with the code where it is a plain string.
fn code(reader: &mut Reader<'_>) -> Option<String> {
    let word = reader.peek().copied().filter(|token| token.kind == Kind::Word)?;
    if !reader.is_kind_at(1, Kind::Sign(b'=')) && !reader.is_kind_at(1, Kind::Assign) {
        return None;
    }
    reader.bump();
    reader.bump();
    let code = reader.peek().filter(|token| token.kind == Kind::String && word.is("errcode"));
    code.map(unquoted)
}

fn unquoted(token: &Token<'_>) -> String {
    token.text.trim_matches('\'').to_ascii_lowercase()
}
