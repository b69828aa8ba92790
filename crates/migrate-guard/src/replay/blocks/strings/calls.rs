use super::dates;
use super::known::Known;

/// What a function comes to of arguments that are known. Only those that SQL is made with.
pub(super) fn call(name: &str, arguments: &[String], known: &Known<'_>) -> Option<String> {
    match (name, arguments) {
        ("format", [template, rest @ ..]) => format(template, rest),
        ("concat", parts) => Some(parts.concat()),
        ("quote_ident", [name]) => Some(identifier(name)),
        ("quote_literal", [text]) => Some(literal(text)),
        ("lower", [text]) => Some(text.to_lowercase()),
        ("upper", [text]) => Some(text.to_uppercase()),
        ("trim" | "btrim", [text]) => Some(text.trim_matches(' ').to_owned()),
        ("replace", [text, from, to]) => {
            Some(if from.is_empty() { text.clone() } else { text.replace(from, to) })
        }
        ("coalesce" | "pg_get_expr", [first, ..]) => Some(first.clone()),
        ("regexp_replace", [text, pattern, with]) => replaced(text, pattern, with),
        ("now" | "clock_timestamp" | "statement_timestamp" | "transaction_timestamp", []) => {
            Some(known.today().to_string())
        }
        ("date_trunc", [unit, date]) => dates::trunc(unit, date, known),
        ("to_char", [date, pattern]) => dates::to_char(date, pattern, known),
        _ => None,
    }
}

/// `format`, with `%s`, `%I`, `%L`, their positions, and `%%`.
fn format(template: &str, arguments: &[String]) -> Option<String> {
    let mut parts = template.split('%');
    let mut made = parts.next()?.to_owned();
    let mut next = 0;
    while let Some(part) = parts.next() {
        if part.is_empty() {
            made.push('%');
            made.push_str(parts.next()?);
            continue;
        }
        let (at, part) = position(part, next)?;
        let argument = arguments.get(at)?;
        next = at + 1;
        made.push_str(&match part.chars().next()? {
            's' => argument.clone(),
            'I' => identifier(argument),
            'L' => literal(argument),
            _ => return None,
        });
        made.push_str(part.get(1..)?);
    }
    Some(made)
}

/// `regexp_replace` of a pattern that is plain text, perhaps at the beginning or the end: its first place.
fn replaced(text: &str, pattern: &str, with: &str) -> Option<String> {
    let (start, pattern) = pattern.strip_prefix('^').map_or((false, pattern), |rest| (true, rest));
    let (end, pattern) = pattern.strip_suffix('$').map_or((false, pattern), |rest| (true, rest));
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    if pattern.is_empty() || !pattern.chars().all(plain) {
        return None;
    }
    Some(match (start, end) {
        (false, false) => text.replacen(pattern, with, 1),
        (true, false) => {
            text.strip_prefix(pattern).map_or_else(|| text.to_owned(), |rest| format!("{with}{rest}"))
        }
        (false, true) => {
            text.strip_suffix(pattern).map_or_else(|| text.to_owned(), |rest| format!("{rest}{with}"))
        }
        (true, true) => {
            if text == pattern {
                with.to_owned()
            } else {
                text.to_owned()
            }
        }
    })
}

/// `1$` in front, or the next argument.
fn position(part: &str, next: usize) -> Option<(usize, &str)> {
    let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
    if digits == 0 {
        return Some((next, part));
    }
    let number: usize = part.get(..digits)?.parse().ok()?;
    Some((number.checked_sub(1)?, part.get(digits..)?.strip_prefix('$')?))
}

/// A name as SQL takes it: in quotes unless it is plain.
pub(in crate::replay) fn identifier(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if starts && name.chars().all(plain) && !RESERVED.contains(&name) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Words that are no names unless they are quoted (appendix C of the manual), as far as anybody calls a thing so.
const RESERVED: [&str; 40] = [
    "all",
    "analyze",
    "any",
    "array",
    "as",
    "asc",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "default",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "false",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "in",
    "limit",
    "not",
    "null",
    "offset",
    "on",
    "order",
    "primary",
    "references",
    "select",
    "table",
    "to",
    "user",
    "window",
];

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
