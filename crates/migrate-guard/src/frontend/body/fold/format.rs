use super::LONGEST;

/// `format`: `%s`, `%I`, `%L`, with a position, `%%`. A width is not looked into.
pub(super) fn format(template: &str, arguments: &[Option<&str>]) -> Option<String> {
    let (mut made, mut rest, mut next) = (String::new(), template, 0);
    while let Some((before, after)) = rest.split_once('%') {
        made.push_str(before);
        let (at, after) = position(after).unwrap_or((next, after));
        let kind = after.chars().next()?;
        if kind == '%' {
            made.push('%');
        } else {
            made.push_str(&formatted(kind, *arguments.get(at)?)?);
            next = at + 1;
        }
        rest = after.get(1..).filter(|_| made.len() <= LONGEST)?;
    }
    made.push_str(rest);
    Some(made)
}

/// `1$`: the first argument.
fn position(spec: &str) -> Option<(usize, &str)> {
    let digits = spec.bytes().take_while(u8::is_ascii_digit).count();
    let number: usize = spec.get(..digits)?.parse().ok()?;
    Some((number.checked_sub(1)?, spec.get(digits..)?.strip_prefix('$')?))
}

fn formatted(kind: char, argument: Option<&str>) -> Option<String> {
    match (kind, argument) {
        ('s', argument) => Some(argument.unwrap_or_default().to_owned()),
        ('I', Some(name)) => Some(identifier(name)),
        ('L', argument) => Some(nullable(argument)),
        _ => None,
    }
}

/// A name in quotes, also where PostgreSQL leaves them out: it is the same name.
pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A string in quotes.
pub(super) fn literal(text: &str) -> String {
    let mark = if text.contains('\\') { "E" } else { "" };
    format!("{mark}'{}'", text.replace('\'', "''").replace('\\', "\\\\"))
}

/// A string in quotes, or `NULL`.
pub(super) fn nullable(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), literal)
}
