//! Simple conditions on one column, read from the text of a check.

use std::cmp::Ordering;

use super::target::Target;
use crate::catalog::ConstraintKind;

/// What a condition says of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// It is not null.
    NotNull,
    /// It is at least, or at most, that; whether it may be that itself.
    Limit {
        /// Which.
        side: Side,
        /// The constant.
        value: String,
        /// Whether it may be that itself.
        inclusive: bool,
    },
    /// It is one of these.
    In(Vec<String>),
    /// It is none of these.
    NotIn(Vec<String>),
    /// It is null.
    Null,
}

/// A side of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// From there on.
    Lower,
    /// Up to there.
    Upper,
}

/// What `text`, parts joined by `AND`, says of `column`. Parts that are not understood say nothing, nor does an `OR`.
pub(super) fn facts(text: &str, column: &str) -> Vec<Fact> {
    if disjuncts(text).len() > 1 {
        return Vec::new();
    }
    parts(text, " and ").into_iter().flat_map(|part| of_part(part, column)).collect()
}

/// The constants in the last parentheses of `text`; `None` where one is no plain constant.
pub(super) fn constants(text: &str) -> Option<Vec<String>> {
    let open = text.find('(')?;
    let close = text.rfind(')')?;
    text.get(open + 1..close)?.split(',').map(constant).collect()
}

/// Whether a lower limit is `value` or above; `None` where they cannot be compared.
pub(super) fn not_below(facts: &[Fact], value: &str) -> Option<bool> {
    let limits = limits(facts, Side::Lower);
    let above = |(limit, _): (&str, bool)| Some(compare(limit, value)? != Ordering::Less);
    any(limits.map(above))
}

/// Whether an upper limit is below `value`; `None` where they cannot be compared.
pub(super) fn not_above(facts: &[Fact], value: &str) -> Option<bool> {
    let limits = limits(facts, Side::Upper);
    let below = |(limit, inclusive): (&str, bool)| match compare(limit, value)? {
        Ordering::Less => Some(true),
        Ordering::Equal => Some(!inclusive),
        Ordering::Greater => Some(false),
    };
    any(limits.map(below))
}

/// True if one is, unknown if one may be.
fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let answers: Vec<_> = answers.collect();
    if answers.contains(&Some(true)) {
        return Some(true);
    }
    if answers.contains(&None) { None } else { Some(false) }
}

fn limits(facts: &[Fact], of: Side) -> impl Iterator<Item = (&str, bool)> {
    facts.iter().filter_map(move |fact| match fact {
        Fact::Limit { side, value, inclusive } if *side == of => Some((value.as_str(), *inclusive)),
        _ => None,
    })
}

/// Numbers by their value; what else is equal, or dates and times written alike, by their text.
pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    if let (Ok(one), Ok(other)) = (one.parse::<i64>(), other.parse::<i64>()) {
        return Some(one.cmp(&other));
    }
    let dated = |text: &str| text.starts_with(|first: char| first.is_ascii_digit()) && text.contains('-');
    let alike = dated(one) && dated(other) && one.len() == other.len();
    (one == other || alike).then(|| one.cmp(other))
}

/// What `OR` joins: one of these holds, or is null.
pub(super) fn disjuncts(text: &str) -> Vec<&str> {
    parts(text, " or ")
}

/// The bounds of `FROM (x) TO (y)`.
pub(super) fn range_of(values: &str) -> Option<(Vec<String>, Vec<String>)> {
    let (from, to) = values.split_once(" TO ").or(values.split_once(" to "))?;
    Some((constants(from)?, constants(to)?))
}

/// The valid checks of a table.
pub(super) fn valid_checks<'w>(table: &Target<'w>) -> impl Iterator<Item = &'w str> + use<'w> {
    let checks = table.relation().map_or(&[][..], |relation| &relation.constraints);
    let valid = checks.iter().filter(|check| check.valid && check.enforced);
    valid.filter_map(|check| match &check.kind {
        ConstraintKind::Check { text, .. } => Some(text.as_str()),
        _ => None,
    })
}

/// The parts that `AND` or `OR` joins outside of parentheses, `BETWEEN … AND …` kept whole.
fn parts<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    let text = unwrapped(text);
    let lower = text.to_ascii_lowercase();
    let mut parts = Vec::new();
    let (mut start, mut depth, mut between, mut quoted) = (0, 0_i32, false, false);
    for (at, byte) in lower.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth -= 1,
            b' ' if !quoted && depth == 0 => {
                let rest = lower.get(at..).unwrap_or_default();
                let of_between = rest.starts_with(" and ") && std::mem::take(&mut between);
                between |= rest.starts_with(" between ");
                if rest.starts_with(word) && !of_between {
                    parts.extend(text.get(start..at));
                    start = at + word.len();
                }
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts
}

/// Without the parentheses around all of it.
fn unwrapped(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        if !is_balanced(inner) {
            break;
        }
        text = inner.trim();
    }
    text
}

fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    let steps = text.bytes().map(|byte| i32::from(byte == b'(') - i32::from(byte == b')'));
    steps.into_iter().all(|step| {
        depth += step;
        depth >= 0
    })
}

fn of_part(part: &str, column: &str) -> Vec<Fact> {
    let part = unwrapped(part);
    let parts = parts(part, " and ");
    if parts.len() > 1 {
        return parts.into_iter().flat_map(|part| of_comparison(unwrapped(part), column)).collect();
    }
    of_comparison(part, column)
}

fn of_comparison(part: &str, column: &str) -> Vec<Fact> {
    let Some(rest) = after_column(part, column) else { return Vec::new() };
    let lower = rest.to_ascii_lowercase();
    match lower.as_str() {
        "is not null" => return vec![Fact::NotNull],
        "is null" => return vec![Fact::Null],
        _ => {}
    }
    if let Some(range) = lower.strip_prefix("between ") {
        return of_between(rest, range.len()).unwrap_or_default();
    }
    if lower.starts_with("in (") || lower.starts_with("in(") {
        return constants(rest).map(Fact::In).into_iter().collect();
    }
    if lower.starts_with("not in (") || lower.starts_with("not in(") {
        return constants(rest).map(Fact::NotIn).into_iter().collect();
    }
    of_operator(rest).into_iter().collect()
}

/// What stands behind the column, if it is first.
fn after_column<'t>(part: &'t str, column: &str) -> Option<&'t str> {
    let bare = part.strip_prefix(column).or_else(|| part.strip_prefix(&format!("\"{column}\"")))?;
    bare.starts_with([' ', '<', '>', '=', '!']).then(|| bare.trim())
}

fn of_between(rest: &str, length: usize) -> Option<Vec<Fact>> {
    let range = rest.get(rest.len() - length..)?;
    let at = range.to_ascii_lowercase().find(" and ")?;
    let (low, high) = (constant(range.get(..at)?)?, constant(range.get(at + " and ".len()..)?)?);
    Some(vec![limit(Side::Lower, low, true), limit(Side::Upper, high, true)])
}

fn limit(side: Side, value: String, inclusive: bool) -> Fact {
    Fact::Limit { side, value, inclusive }
}

fn of_operator(rest: &str) -> Option<Fact> {
    let end = rest.find(|c| !matches!(c, '<' | '>' | '=' | '!'))?;
    let (operator, value) = rest.split_at(end);
    let value = constant(value)?;
    match operator {
        ">=" => Some(limit(Side::Lower, value, true)),
        ">" => Some(limit(Side::Lower, value, false)),
        "<=" => Some(limit(Side::Upper, value, true)),
        "<" => Some(limit(Side::Upper, value, false)),
        "=" => Some(Fact::In(vec![value])),
        "<>" | "!=" => Some(Fact::NotIn(vec![value])),
        _ => None,
    }
}

/// A constant without its quotes, its type before it and its cast behind it.
fn constant(text: &str) -> Option<String> {
    let text = unwrapped(text.split("::").next()?);
    if let Some(quoted) = text.strip_suffix('\'') {
        let open = quoted.find('\'')?;
        let typed = quoted.get(..open)?.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
        return typed.then(|| quoted.get(open + 1..).map(ToOwned::to_owned)).flatten();
    }
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
    (plain && !text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Fact, Side, facts};

    #[test]
    fn both_ends_of_a_range_are_read() {
        let limit = |side, value: &str, inclusive| Fact::Limit { side, value: value.to_owned(), inclusive };
        let range = [limit(Side::Lower, "2024-02-01", true), limit(Side::Upper, "2024-03-01", false)];
        for text in [
            "d >= '2024-02-01' AND d < '2024-03-01'",
            "(d >= DATE '2024-02-01') AND (d < '2024-03-01'::date)",
            "((d >= '2024-02-01' and d < '2024-03-01'))",
        ] {
            assert_eq!(facts(text, "d"), range, "{text}");
        }
    }

    #[test]
    fn an_or_says_nothing() {
        assert_eq!(facts("d < 3 OR d >= 7", "d"), []);
        assert_eq!(facts("d < 3 OR e > 3 AND d < 7", "d"), []);
    }
}
