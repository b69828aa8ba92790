use super::super::reader::{Broken, Reader};
use super::super::syntax::{BlockNode, Declaration, HandlerNode, Node, NodeKind};
use super::super::token::{Kind, Token};
use super::statement;

/// `#option dump`, `#variable_conflict use_column` and so on.
pub(super) fn options(reader: &mut Reader<'_>) {
    while reader.eat_sign(b'#') {
        reader.bump();
        reader.bump();
    }
}

/// The block of a body. What stands before or after it has no place there, and is read all the same.
pub(super) fn outermost(reader: &mut Reader<'_>) -> BlockNode {
    let start = reader.start();
    let mut nodes = Vec::new();
    while !reader.done() {
        let at = reader.at();
        statement::until_end(reader, &[], &mut nodes);
        if reader.at() == at {
            stray(reader);
        }
    }
    if let [Node { kind: NodeKind::Block(block), .. }] = nodes.as_mut_slice() {
        return std::mem::take(block);
    }
    let span = reader.span_from(start);
    reader.broken.push((span.clone(), Broken::Syntax("one block")));
    BlockNode { span, body: nodes, ..BlockNode::default() }
}

/// A word that ends something, where nothing is open.
fn stray(reader: &mut Reader<'_>) {
    reader.miss("a statement");
    reader.bump();
}

/// `DECLARE … BEGIN … EXCEPTION … END`.
pub(super) fn block(reader: &mut Reader<'_>) -> BlockNode {
    let start = reader.start();
    let declarations = declarations(reader);
    reader.expect("begin");
    let mut body = Vec::new();
    statement::until_end(reader, &["exception"], &mut body);
    let handlers = handlers(reader);
    reader.expect("end");
    label_name(reader);
    BlockNode { span: reader.span_from(start), declarations, body, handlers }
}

/// The label that may stand after `END`, `END LOOP`, `EXIT`.
pub(super) fn label_name(reader: &mut Reader<'_>) -> bool {
    let named = !reader.is("when") && reader.peek().is_some_and(|token| token.name().is_some());
    if named {
        reader.bump();
    }
    named
}

fn declarations(reader: &mut Reader<'_>) -> Vec<Declaration> {
    let mut found = Vec::new();
    while reader.eat("declare") {
        while !reader.done() && !reader.is_any(&["begin", "declare"]) {
            found.extend(declaration(reader));
        }
    }
    found
}

fn declaration(reader: &mut Reader<'_>) -> Option<Declaration> {
    let Some(name) = reader.name() else {
        reader.miss("a declaration");
        reader.bump();
        return None;
    };
    let mut made = Declaration { name, default: None, query: None, alias: None };
    if reader.is("alias") && reader.is_at(1, "for") {
        made.alias = alias(reader);
    } else if is_cursor(reader) {
        made.query = Some(cursor(reader));
    } else {
        made.default = default(reader);
    }
    reader.expect_semicolon();
    Some(made)
}

fn alias(reader: &mut Reader<'_>) -> Option<String> {
    reader.bump();
    reader.bump();
    let name = reader.name();
    if name.is_none() {
        reader.eat_kind(Kind::Number);
    }
    name
}

fn is_cursor(reader: &Reader<'_>) -> bool {
    let ahead = match () {
        () if reader.is_at(0, "no") && reader.is_at(1, "scroll") => 2,
        () => usize::from(reader.is("scroll")),
    };
    reader.is_at(ahead, "cursor")
}

/// `CURSOR (arguments) FOR query`.
fn cursor(reader: &mut Reader<'_>) -> std::ops::Range<usize> {
    reader.until(|token| token.is("for") || token.is("is"));
    reader.bump();
    reader.until(|_| false)
}

/// The type is of no interest; the value is.
fn default(reader: &mut Reader<'_>) -> Option<std::ops::Range<usize>> {
    reader.until(is_default);
    if reader.is_sign(b';') || reader.done() {
        return None;
    }
    reader.bump();
    Some(reader.until(|_| false))
}

fn is_default(token: &Token<'_>) -> bool {
    token.kind == Kind::Assign || token.is_sign(b'=') || token.is("default")
}

fn handlers(reader: &mut Reader<'_>) -> Vec<HandlerNode> {
    let mut found = Vec::new();
    if !reader.eat("exception") {
        return found;
    }
    while reader.eat("when") {
        let conditions = conditions(reader);
        reader.expect("then");
        let mut body = Vec::new();
        statement::until_end(reader, &["when"], &mut body);
        found.push(HandlerNode { conditions, body });
    }
    found
}

/// `unique_violation OR SQLSTATE '42P07'`: a state by its five signs.
fn conditions(reader: &mut Reader<'_>) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(token) = reader.peek().copied() {
        if token.is("then") || token.is_sign(b';') {
            break;
        }
        match token.kind {
            Kind::String => found.push(token.text.trim_matches('\'').to_ascii_lowercase()),
            _ if token.is("or") || token.is("sqlstate") => {}
            _ => found.extend(token.name()),
        }
        reader.bump();
    }
    found
}
