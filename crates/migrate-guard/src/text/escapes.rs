//! Strings with escapes, as the parser's lexer can read them: it takes a doubled quote in one for its end, and what goes on
//! in the next line for a string without escapes.

use super::paint::{Paint, Painting};
use super::scan::{Kind, Scanner};
use crate::Span;

/// How many bodies may stand in one another.
const BODIES: usize = 8;

/// Writes each doubled quote as an escaped one, and joins what goes on in the next line, with spaces between.
pub(super) fn written(text: &str) -> Painting {
    let mut painting = Painting::default();
    if text.contains('\\') {
        within(text, 0, BODIES, &mut painting);
    }
    painting
}

fn within(text: &str, start: usize, bodies: usize, painting: &mut Painting) {
    let scanner = Scanner::new(text);
    for piece in scanner.clone() {
        let (inner, at) = (scanner.text(piece), start + piece.span.start);
        match piece.kind {
            Kind::Text if inner.starts_with(['e', 'E']) => string(inner, at, painting),
            Kind::Body if bodies > 0 => {
                let tag = inner.get(1..).and_then(|rest| rest.find('$')).map_or(inner.len(), |at| at + 2);
                let sql = inner.get(tag..inner.len().saturating_sub(tag)).unwrap_or_default();
                within(sql, at + tag, bodies - 1, painting);
            }
            _ => {}
        }
    }
}

/// A string with escapes, with all that goes on in the next lines.
fn string(text: &str, start: usize, painting: &mut Painting) {
    let byte = |at: usize| text.as_bytes().get(at).copied();
    let mut at = 2;
    while let Some(here) = byte(at) {
        match (here, byte(at + 1)) {
            (b'\\', _) => at += 2,
            (b'\'', Some(b'\'')) => {
                painting.add(Span::new(start + at, start + at + 1), Paint::Escape);
                at += 2;
            }
            (b'\'', Some(_)) => {
                let next = text.get(at + 1..).and_then(|rest| rest.find('\''));
                let Some(next) = next.map(|next| at + 1 + next) else { return };
                painting.add(Span::new(start + at, start + next + 1), Paint::Blank);
                at = next + 1;
            }
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    fn shown(text: &str) -> String {
        written(text).over(text)
    }

    #[test]
    fn a_doubled_quote_is_an_escaped_one() {
        assert_eq!(shown(r"E'Don''t use \'it\'', 'it''s \'"), r"E'Don\'t use \'it\'', 'it''s \'");
        assert_eq!(shown(r"SELECT e'\\''', name''"), r"SELECT e'\\\'', name''");
    }

    #[test]
    fn what_goes_on_in_the_next_line_is_one_string() {
        assert_eq!(shown("E'a' \n  '\\''; SELECT 'b'\n'c\\'"), "E'a  \n   \\''; SELECT 'b'\n'c\\'");
        assert_eq!(shown("E'a' 'b\\'"), "E'a' 'b\\'");
    }

    #[test]
    fn bodies_are_looked_into() {
        assert_eq!(
            shown(r"DO $a$ BEGIN x := E'a''\b'; END $a$; 'c''d'"),
            r"DO $a$ BEGIN x := E'a\'\b'; END $a$; 'c''d'"
        );
    }
}
