use super::super::reader::Reader;
use super::super::syntax::{NodeKind, Target};
use super::super::token::Kind;
use super::{block, sql};

/// `name := …`, `name = …`, `record.field := …`, `list[1] := …`.
pub(super) fn assignment(reader: &mut Reader<'_>) -> Option<NodeKind> {
    let from = reader.at();
    let target = target(reader);
    let assigns = target.is_some() && (reader.eat_kind(Kind::Assign) || reader.eat_sign(b'='));
    let Some(target) = target.filter(|_| assigns) else {
        reader.back_to(from);
        return None;
    };
    Some(NodeKind::Assign { target, expr: reader.until(|_| false) })
}

fn target(reader: &mut Reader<'_>) -> Option<Target> {
    let name = reader.name().or_else(|| parameter(reader))?;
    let mut whole = true;
    loop {
        if reader.eat_sign(b'.') {
            reader.name();
        } else if reader.eat_sign(b'[') {
            reader.until(|token| token.is_sign(b']'));
            reader.eat_sign(b']');
        } else {
            return Some(Target { name, whole });
        }
        whole = false;
    }
}

fn parameter(reader: &mut Reader<'_>) -> Option<String> {
    let text = reader.peek().filter(|token| token.kind == Kind::Number && token.text.starts_with('$'))?.text;
    reader.bump();
    Some(text.to_owned())
}

/// Variables with commas between them.
pub(super) fn targets(reader: &mut Reader<'_>) -> Vec<Target> {
    let mut found = Vec::new();
    loop {
        found.extend(target(reader));
        if !reader.eat_sign(b',') {
            return found;
        }
    }
}

/// `RETURN`, `RETURN NEXT`, `RETURN QUERY`.
pub(super) fn returned(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    let composite = reader.is_kind_at(1, Kind::Sign(b'.'));
    if !composite && reader.eat("query") {
        return sql::query_or_execute(reader);
    }
    if !composite && reader.eat("next") {
        return NodeKind::Evaluate(expressions(reader));
    }
    NodeKind::Return(expressions(reader))
}

/// What stands before the semicolon, if anything does.
fn expressions(reader: &mut Reader<'_>) -> Vec<std::ops::Range<usize>> {
    if reader.done() || reader.is_sign(b';') { Vec::new() } else { reader.list_until(|_| false) }
}

/// `EXIT label WHEN …`, `CONTINUE label WHEN …`.
pub(super) fn exit(reader: &mut Reader<'_>) -> NodeKind {
    let again = reader.is("continue");
    reader.bump();
    let label = block::label_name(reader);
    let when = reader.eat("when").then(|| reader.until(|_| false));
    NodeKind::Exit { again, label, when }
}

/// `ASSERT condition, message`.
pub(super) fn assert(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    NodeKind::Evaluate(expressions(reader))
}

/// `GET STACKED DIAGNOSTICS a = ROW_COUNT, …`.
pub(super) fn diagnostics(reader: &mut Reader<'_>) -> NodeKind {
    reader.until_word("diagnostics");
    reader.expect("diagnostics");
    let mut set = Vec::new();
    loop {
        set.extend(target(reader));
        reader.until(|token| token.is_sign(b','));
        if !reader.eat_sign(b',') {
            return NodeKind::Set(set);
        }
    }
}

/// `FETCH direction FROM cursor INTO …`.
pub(super) fn fetch(reader: &mut Reader<'_>) -> NodeKind {
    reader.until_word("into");
    reader.expect("into");
    NodeKind::Set(targets(reader))
}

/// `MOVE`, `CLOSE`.
pub(super) fn cursor(reader: &mut Reader<'_>) -> NodeKind {
    reader.until(|_| false);
    NodeKind::Nothing
}

/// `NULL`.
pub(super) fn null(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    NodeKind::Nothing
}
