use std::collections::BTreeMap;

use super::{Meta, Variable};
use crate::text::scan::{Kind, Scanner};

/// The text with psql's variables filled in, if any is known: one that is given, or that the script itself sets.
///
/// A value that is given wins over `\set`, as if it came with `psql -v` into a script that only sets defaults.
pub(in crate::text) fn fill(text: &str, given: &BTreeMap<String, String>) -> Option<String> {
    let mut known = given.clone();
    let (mut filled, most) = (String::new(), text.len().saturating_mul(GROWTH) + LONGEST);
    let (mut copied, mut brackets) = (0, 0_usize);
    let mut scanner = Scanner::new(text);
    while let Some(piece) = scanner.next() {
        match piece.kind {
            Kind::Mark(b'[') => brackets += 1,
            Kind::Mark(b']') => brackets = brackets.saturating_sub(1),
            Kind::Mark(b'\\') => scanner.jump(set(text, piece.span.start, given, &mut known)),
            Kind::Mark(b':') if brackets == 0 => {
                let Some(variable) = Variable::at(text, piece.span.start) else { continue };
                scanner.jump(variable.span.end);
                let Some(value) = known.get(variable.name).filter(|_| filled.len() < most) else { continue };
                filled.push_str(text.get(copied..piece.span.start).unwrap_or_default());
                filled.push_str(&variable.filled(value));
                copied = variable.span.end;
            }
            _ => {}
        }
    }
    filled.push_str(text.get(copied..).unwrap_or_default());
    (copied > 0).then_some(filled)
}

/// How many times as long a text may become: a script can double a variable as often as it likes.
const GROWTH: usize = 4;
/// How long a variable may be that a script sets.
const LONGEST: usize = 10_000;

/// Notes what a command sets, and says where it ends.
fn set(
    text: &str,
    at: usize,
    given: &BTreeMap<String, String>,
    known: &mut BTreeMap<String, String>,
) -> usize {
    let meta = Meta::at(text, at);
    let mut words = meta.rest.trim().splitn(2, char::is_whitespace);
    if let ("set", Some(name)) = (meta.name, words.next().filter(|name| !given.contains_key(*name))) {
        known.insert(name.to_owned(), joined(words.next().unwrap_or_default(), known));
    }
    meta.span.end
}

/// The arguments of `\set` one after another, quotes taken off.
fn joined(arguments: &str, known: &BTreeMap<String, String>) -> String {
    let (mut value, mut rest) = (String::new(), arguments.trim());
    while let Some(first) = rest.chars().next().filter(|_| value.len() < LONGEST) {
        let variable = if first == ':' { Variable::at(rest, 0) } else { None };
        let length = match (first, variable) {
            ('\'', _) => quoted(rest, &mut value),
            (_, Some(variable)) => {
                value.push_str(known.get(variable.name).map_or("", String::as_str));
                variable.span.end
            }
            _ => {
                value.extend((!first.is_whitespace()).then_some(first));
                first.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    value
}

/// Takes over what stands in single quotes, a doubled one being one; says how long it is.
fn quoted(text: &str, value: &mut String) -> usize {
    let mut length = 1;
    loop {
        let rest = text.get(length..).unwrap_or_default();
        let end = rest.find('\'').unwrap_or(rest.len());
        value.push_str(rest.get(..end).unwrap_or_default());
        length += end + 1;
        if !text.get(length..).unwrap_or_default().starts_with('\'') {
            return length;
        }
        value.push('\'');
        length += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    fn with(text: &str, values: &[(&str, &str)]) -> Option<String> {
        fill(text, &values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn what_the_script_sets_is_known_from_there_on() {
        let text = "select :a;\n\\set a 'it''s' x\n\\set b :a y\nselect :'a', :b;";
        insta::assert_snapshot!(with(text, &[]).unwrap(), @r"
        select :a;
        \set a 'it''s' x
        \set b :a y
        select 'it''sx', it'sxy;
        ");
    }

    #[test]
    fn what_is_given_wins() {
        let text = "\\set schema public\ncreate table :schema.t (a int);";
        insta::assert_snapshot!(with(text, &[("schema", "auth")]).unwrap(), @r"
        \set schema public
        create table auth.t (a int);
        ");
    }

    #[test]
    fn casts_slices_and_strings_are_left_alone() {
        let text = "select a::b, c[d:b], ':b', $$ :b $$, \":b\", x := b -- :b";
        assert_eq!(with(text, &[("b", "1")]), None);
    }
}
