use std::ops::Range;

use super::super::reader::Reader;
use super::super::syntax::{Into, NodeKind};
use super::super::token::{Kind, Token};
use super::other;

/// `EXECUTE … INTO … USING …`, the two in either order.
pub(super) fn execute(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    let expr = reader.until(is_clause);
    let (mut into, mut using) = (Vec::new(), Vec::new());
    loop {
        if reader.eat("into") {
            reader.eat("strict");
            into = other::targets(reader);
        } else if reader.eat("using") {
            using = reader.list_until(is_clause);
        } else {
            return NodeKind::Execute { expr, into, using };
        }
    }
}

fn is_clause(token: &Token<'_>) -> bool {
    token.is("into") || token.is("using")
}

/// `PERFORM …`.
pub(super) fn perform(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    NodeKind::Perform(reader.until(|_| false))
}

/// `OPEN cursor [NO SCROLL] FOR query | FOR EXECUTE …`, `OPEN cursor (arguments)`.
pub(super) fn open(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    let name = reader.peek().and_then(Token::name).unwrap_or_default();
    reader.until_word("for");
    if reader.eat("for") { query_or_execute(reader) } else { NodeKind::Open(name) }
}

/// `EXECUTE … USING …`, or a query.
pub(super) fn query_or_execute(reader: &mut Reader<'_>) -> NodeKind {
    if reader.is("execute") {
        return execute(reader);
    }
    NodeKind::Query(statement_text(reader))
}

/// A statement of SQL up to its semicolon. `INTO` is PL/pgSQL's own, save in `INSERT INTO`, `MERGE INTO` and
/// `IMPORT FOREIGN SCHEMA`.
pub(super) fn statement(reader: &mut Reader<'_>) -> NodeKind {
    let from = reader.at();
    let text = statement_text(reader);
    let to = reader.at();
    reader.back_to(from);
    let into = if reader.is("import") { None } else { into(reader, to) };
    reader.back_to(to);
    NodeKind::Sql { text, into }
}

fn into(reader: &mut Reader<'_>, to: usize) -> Option<Into> {
    while reader.at() < to {
        let start = reader.start();
        if reader.is_any(&["insert", "merge"]) {
            reader.bump();
            reader.eat("into");
        } else if reader.eat("into") {
            reader.eat("strict");
            let targets = other::targets(reader);
            return Some(Into { span: reader.span_from(start), targets });
        } else {
            reader.bump();
        }
    }
    None
}

/// Up to a semicolon outside of parentheses, as in `CREATE RULE`, and outside of the body of a routine that is made.
fn statement_text(reader: &mut Reader<'_>) -> Range<usize> {
    let (start, from) = (reader.start(), reader.at());
    let routine = is_routine(reader);
    let mut open = 0_usize;
    while let Some(token) = reader.peek().copied() {
        if token.is_sign(b';') && (open == 0 || reader.unbalanced) {
            break;
        }
        open = opened(open, &token, routine);
        reader.bump();
    }
    if reader.done() && open > 0 && !reader.unbalanced {
        reader.unbalanced = true;
        reader.back_to(from);
        return statement_text(reader);
    }
    reader.span_from(start)
}

fn opened(open: usize, token: &Token<'_>, routine: bool) -> usize {
    match token.kind {
        Kind::Sign(b'(') => open + 1,
        Kind::Sign(b')') => open.saturating_sub(1),
        Kind::Word if routine && (token.is("begin") || token.is("case")) => open + 1,
        Kind::Word if routine && token.is("end") => open.saturating_sub(1),
        _ => open,
    }
}

/// `CREATE [OR REPLACE] FUNCTION | PROCEDURE`.
fn is_routine(reader: &Reader<'_>) -> bool {
    let ahead = if reader.is_at(1, "or") { 3 } else { 1 };
    reader.is("create") && (reader.is_at(ahead, "function") || reader.is_at(ahead, "procedure"))
}
