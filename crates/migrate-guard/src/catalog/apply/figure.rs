//! What PostgreSQL calls the result of an expression (`FigureColname` of its `parse_target.c`), told from the text.

use crate::ddl::Expr;

/// Longer text is not looked at: an index on it gets a name that PostgreSQL would not give.
const LONGEST: usize = 512;

/// How many casts and parentheses are looked through.
const DEEPEST: usize = 8;

/// The name of an expression's result, if it has one: of a call, the function; of a column, the column; of a cast, that of
/// what is cast, else the type.
pub(super) fn column_name(expr: &Expr) -> Option<String> {
    let text = Some(expr.text.as_str()).filter(|text| text.len() <= LONGEST)?;
    let cast = expr.cast.as_deref().map(|ty| ty.name.name.as_str());
    name_of(innermost(text)).or_else(|| cast.map(str::to_owned))
}

/// Without the casts and parentheses around it.
fn innermost(text: &str) -> &str {
    (0..DEEPEST).fold(text, |text, _| without_cast(without_parentheses(text.trim())))
}

fn without_parentheses(text: &str) -> &str {
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.filter(|_| closes_at_end(text)).unwrap_or(text)
}

/// What stands before the last `::`, if nothing but a type follows.
fn without_cast(text: &str) -> &str {
    let plain = |rest: &str| rest.chars().all(|c| c.is_alphanumeric() || "_ [](),\".".contains(c));
    match text.rsplit_once("::") {
        Some((inner, ty)) if plain(ty) && ty.matches('(').count() == ty.matches(')').count() => inner,
        _ => text,
    }
}

/// The name of a call, a column or a `CASE`.
fn name_of(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("case ") && lower.ends_with(" end") {
        return Some("case".to_owned());
    }
    match text.find('(') {
        Some(open) if closes_at_end(text.get(open..)?) => last_part(text.get(..open)?),
        Some(_) => None,
        None => last_part(text),
    }
}

/// Whether the parenthesis at the start is closed by the last character.
fn closes_at_end(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && quote.is_none() {
            return at + c.len_utf8() == text.len();
        }
    }
    false
}

/// The last part of a dotted name, if it is one; in lower case where it is not quoted.
fn last_part(text: &str) -> Option<String> {
    let last = text.trim().rsplit('.').next()?;
    if let Some(quoted) = last.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Some(quoted.replace("\"\"", "\""));
    }
    let is_name = last.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$');
    (is_name && last.starts_with(|c: char| c.is_alphabetic() || c == '_')).then(|| last.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::column_name;
    use crate::ddl::{Expr, TypeRef};

    #[test]
    fn a_result_is_called_as_postgresql_calls_it() {
        let named = [
            ("LOWER(name)", None, Some("lower")),
            ("(lower((name)::text))", None, Some("lower")),
            ("a || b", None, None),
            ("(data ->> 'x')", None, None),
            ("coalesce(a, ')')", None, Some("coalesce")),
            ("lower(a) || lower(b)", None, None),
            ("(a)::text", Some("text"), Some("a")),
            ("(data ->> 'x')::numeric(10, 2)", Some("numeric"), Some("numeric")),
            ("CASE WHEN a THEN 1 ELSE 2 END", None, Some("case")),
            ("pg_catalog.lower(a)", None, Some("lower")),
            ("1", None, None),
        ];
        for (text, cast, name) in named {
            let cast = cast.map(|name| Box::new(TypeRef::plain(name)));
            let expr = Expr { text: text.to_owned(), cast, ..Expr::default() };
            assert_eq!(column_name(&expr).as_deref(), name, "{text}");
        }
    }
}
