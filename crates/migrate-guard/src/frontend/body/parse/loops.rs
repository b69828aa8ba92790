use super::super::reader::Reader;
use super::super::syntax::{NodeKind, Over};
use super::super::token::{Kind, Token};
use super::{block, other, statement};

/// `LOOP … END LOOP`.
pub(super) fn forever(reader: &mut Reader<'_>) -> NodeKind {
    body(reader, Over::Nothing, Vec::new())
}

/// `WHILE … LOOP`.
pub(super) fn while_loop(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    let condition = reader.until_word("loop");
    body(reader, Over::Exprs(vec![condition]), Vec::new())
}

/// `FOREACH x SLICE n IN ARRAY … LOOP`.
pub(super) fn foreach(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    let variables = variables(reader);
    if reader.eat("slice") {
        reader.bump();
    }
    reader.expect("in");
    reader.expect("array");
    let array = reader.until_word("loop");
    body(reader, Over::Array(array), variables)
}

/// `FOR … IN … LOOP`, in its four forms.
pub(super) fn for_loop(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    let variables = variables(reader);
    reader.expect("in");
    let over = over(reader);
    body(reader, over, variables)
}

fn variables(reader: &mut Reader<'_>) -> Vec<String> {
    other::targets(reader).into_iter().map(|target| target.name).collect()
}

fn over(reader: &mut Reader<'_>) -> Over {
    if reader.eat("execute") {
        let expr = reader.until(|token| token.is("loop") || token.is("using"));
        let using = if reader.eat("using") { reader.list_until(is_loop) } else { Vec::new() };
        return Over::Execute { expr, using };
    }
    if is_cursor(reader) {
        let name = reader.peek().and_then(Token::name).unwrap_or_default();
        return Over::Cursor { name, span: reader.until_word("loop") };
    }
    if reader.is("reverse") && !reader.is_kind_at(1, Kind::Sign(b'.')) {
        reader.bump();
    }
    let first = reader.until(|token| token.kind == Kind::Range || token.is("loop"));
    if !reader.eat_kind(Kind::Range) {
        return Over::Query(first);
    }
    let mut exprs = vec![first, reader.until(|token| token.is("by") || token.is("loop"))];
    if reader.eat("by") {
        exprs.push(reader.until_word("loop"));
    }
    Over::Exprs(exprs)
}

fn is_loop(token: &Token<'_>) -> bool {
    token.is("loop")
}

/// One name, with or without arguments, is a cursor: a query or an expression has more.
fn is_cursor(reader: &Reader<'_>) -> bool {
    const QUERY: &[&str] = &["select", "values", "with", "table"];
    let named = reader.peek().is_some_and(|token| token.name().is_some());
    named && !reader.is_any(QUERY) && reader.is_at(after_arguments(reader), "loop")
}

/// How far ahead the token is that follows a name and what stands in parentheses after it.
fn after_arguments(reader: &Reader<'_>) -> usize {
    let (mut ahead, mut open) = (1, 0_usize);
    while let Some(token) = reader.peek_at(ahead).filter(|token| !token.is_sign(b';')) {
        match token.kind {
            Kind::Sign(b'(') => open += 1,
            Kind::Sign(b')') => open = open.saturating_sub(1),
            _ if open == 0 => break,
            _ => {}
        }
        ahead += 1;
    }
    ahead
}

fn body(reader: &mut Reader<'_>, over: Over, variables: Vec<String>) -> NodeKind {
    reader.expect("loop");
    let mut body = Vec::new();
    statement::until_end(reader, &[], &mut body);
    reader.expect("end");
    reader.expect("loop");
    block::label_name(reader);
    NodeKind::Loop { over, variables, body }
}
