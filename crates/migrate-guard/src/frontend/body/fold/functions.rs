use super::LONGEST;
use super::format::{format, identifier, literal, nullable};
use crate::ddl::Value;

/// What a function that SQL is made with comes to.
pub(super) fn called(name: &str, arguments: &[Value]) -> Value {
    if let Some(here) = session(name) {
        return Value::Constant(here.to_owned());
    }
    if arguments.iter().any(|argument| !matches!(argument, Value::Constant(_) | Value::Null)) {
        return Value::Computed;
    }
    let texts: Vec<_> = arguments.iter().map(text).collect();
    of_known(name, &texts)
}

/// An argument's text; nothing of `NULL`.
fn text(argument: &Value) -> Option<&str> {
    match argument {
        Value::Constant(text) => Some(text),
        _ => None,
    }
}

/// What a session is called makes no difference to a statement: it is called by the name of the function.
fn session(name: &str) -> Option<&'static str> {
    ["current_database", "current_user", "session_user"].into_iter().find(|known| *known == name)
}

fn of_known(name: &str, arguments: &[Option<&str>]) -> Value {
    match (name, arguments) {
        ("format", [Some(template), rest @ ..]) => format(template, rest).map_or(Value::Computed, bounded),
        ("concat", parts) => concat("", parts),
        ("concat_ws", [Some(between), parts @ ..]) => concat(between, parts),
        ("quote_ident", [text]) => strict(*text, identifier),
        ("quote_literal", [text]) => strict(*text, literal),
        ("quote_nullable", [text]) => bounded(nullable(*text)),
        ("lower", [text]) => strict(*text, str::to_lowercase),
        ("upper", [text]) => strict(*text, str::to_uppercase),
        ("replace", [Some(text), Some(from), Some(to)]) => replace(text, from, to),
        ("coalesce", all) => strict(all.iter().flatten().next().copied(), ToOwned::to_owned),
        _ => Value::Computed,
    }
}

/// `NULL` makes `NULL`.
fn strict(text: Option<&str>, make: impl FnOnce(&str) -> String) -> Value {
    text.map_or(Value::Null, |text| bounded(make(text)))
}

fn concat(between: &str, parts: &[Option<&str>]) -> Value {
    let parts: Vec<_> = parts.iter().flatten().copied().collect();
    let length: usize = parts.iter().map(|part| part.len() + between.len()).sum();
    if length > LONGEST { Value::Computed } else { Value::Constant(parts.join(between)) }
}

fn replace(text: &str, from: &str, to: &str) -> Value {
    if from.is_empty() {
        return Value::Constant(text.to_owned());
    }
    let length = text.matches(from).count().saturating_mul(to.len());
    if length > LONGEST { Value::Computed } else { bounded(text.replace(from, to)) }
}

/// A text that is not too long.
pub(super) fn bounded(text: String) -> Value {
    if text.len() > LONGEST { Value::Computed } else { Value::Constant(text) }
}
