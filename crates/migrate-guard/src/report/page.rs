use crate::Span;
use crate::lines::Lines;

/// A text with the places of its lines, and of its characters, so that finding one takes no longer in a long line.
#[derive(Debug)]
pub(super) struct Page<'a> {
    text: &'a str,
    lines: Lines,
    /// How many characters begin before each thousandth byte.
    characters: Vec<usize>,
}

/// A place as editors count: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The bytes between two counts of characters.
const STEP: usize = 1_000;

impl<'a> Page<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let (mut characters, mut count) = (Vec::with_capacity(text.len() / STEP + 1), 0);
        for piece in text.as_bytes().chunks(STEP) {
            characters.push(count);
            count += begun(piece);
        }
        Self { text, lines: Lines::of(text), characters }
    }

    /// Where a byte is.
    pub(super) fn place(&self, at: usize) -> Place {
        let line = self.lines.line(at);
        let column =
            self.characters_before(at).saturating_sub(self.characters_before(self.lines.start(line)));
        Place { line, column: column + 1 }
    }

    /// The first place of a span, and the place after its last.
    pub(super) fn places(&self, span: Span) -> (Place, Place) {
        (self.place(span.start), self.place(span.end.max(span.start)))
    }

    /// The bytes of a line, its break left out.
    pub(super) fn line(&self, line: usize) -> Span {
        let start = self.lines.start(line);
        let end = self.lines.start(line + 1).min(self.text.len());
        let whole = self.text.get(start..end).unwrap_or_default();
        Span::new(start, start + whole.trim_end_matches(['\n', '\r']).len())
    }

    /// What stands there.
    pub(super) fn text(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    fn characters_before(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        let step = (at / STEP).min(self.characters.len().saturating_sub(1));
        let rest = self.text.as_bytes().get(step * STEP..at).unwrap_or_default();
        self.characters.get(step).copied().unwrap_or(0) + begun(rest)
    }
}

/// How many characters begin in these bytes.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters() {
        let text = format!("é日\n{}x\r\ny", "é".repeat(2_000));
        let page = Page::of(&text);
        assert_eq!(page.place(5), Place { line: 1, column: 3 });
        assert_eq!(page.place(text.find('x').unwrap()), Place { line: 2, column: 2_001 });
        assert_eq!(page.place(text.len()), Place { line: 3, column: 2 });
        assert_eq!(page.text(page.line(2)).chars().count(), 2_001);
        assert_eq!(page.place(usize::MAX), Place { line: 3, column: 2 });
        assert_eq!(Page::of("").place(0), Place { line: 1, column: 1 });
    }
}
