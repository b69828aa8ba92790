use super::super::reader::Reader;
use super::super::syntax::{Node, NodeKind};
use super::super::token::Kind;
use super::{block, branch, loops, other, raise, sql};

/// Words that end a list of statements wherever they stand at the beginning of one.
const ENDS: &[&str] = &["end", "else", "elsif", "elseif"];

/// Reads statements up to `END`, `ELSE` and their kin, or up to one of `more`.
pub(super) fn until_end(reader: &mut Reader<'_>, more: &[&str], nodes: &mut Vec<Node>) {
    while !reader.done() && !reader.is_any(ENDS) && !reader.is_any(more) {
        if reader.eat_sign(b';') {
            continue;
        }
        nodes.extend(statement(reader));
    }
}

/// One statement, its semicolon included.
fn statement(reader: &mut Reader<'_>) -> Option<Node> {
    label(reader);
    let start = reader.start();
    let kind = reader.deeper(kind)?;
    let span = reader.span_from(start);
    reader.expect_semicolon();
    Some(Node { span, kind })
}

/// `<<name>>`.
fn label(reader: &mut Reader<'_>) {
    if reader.eat_kind(Kind::LabelOpen) {
        reader.bump();
        reader.eat_kind(Kind::LabelClose);
    }
}

fn kind(reader: &mut Reader<'_>) -> NodeKind {
    if let Some(node) = other::assignment(reader) {
        return node;
    }
    let word =
        reader.peek().filter(|token| token.kind == Kind::Word).map(|token| token.text.to_ascii_lowercase());
    match word.as_deref() {
        Some("declare" | "begin") => NodeKind::Block(block::block(reader)),
        Some("if") => branch::branch(reader),
        Some("case") => branch::case(reader),
        Some("loop") => loops::forever(reader),
        Some("while") => loops::while_loop(reader),
        Some("for") => loops::for_loop(reader),
        Some("foreach") => loops::foreach(reader),
        Some("execute") => sql::execute(reader),
        Some("perform") => sql::perform(reader),
        Some("open") => sql::open(reader),
        Some("return") => other::returned(reader),
        Some("exit" | "continue") => other::exit(reader),
        Some("raise") => raise::raise(reader),
        Some("assert") => other::assert(reader),
        Some("get") => other::diagnostics(reader),
        Some("fetch") => other::fetch(reader),
        Some("move" | "close") => other::cursor(reader),
        Some("null") => other::null(reader),
        _ => sql::statement(reader),
    }
}
