use squawk_lexer::TokenKind;

use super::shape::Shape;

/// How many elements of a shape are kept, and of how many shapes.
const KEPT: usize = 64;

/// A list that is being read.
#[derive(Default)]
pub(super) struct List {
    exact: bool,
    start: Option<usize>,
    shape: Shape,
    is_row: bool,
    /// What all its elements are made of that are kept.
    all: Shape,
    seen: Vec<(u64, usize)>,
}

/// An element of a list.
pub(super) struct Element {
    /// Its first byte.
    pub(super) start: usize,
    /// Whether it begins with a bracket.
    pub(super) is_row: bool,
    /// Whether enough of its shape came before.
    pub(super) repeats: bool,
}

impl List {
    /// A list; of the arguments of a function, no element is like another.
    pub(super) fn new(exact: bool) -> Self {
        Self { exact, ..Self::default() }
    }

    /// Reads a token of the element at hand.
    pub(super) fn take(&mut self, kind: TokenKind, text: &str, start: usize) {
        self.start.get_or_insert(start);
        self.shape.take(kind, text, self.exact);
    }

    /// Reads an opening bracket.
    pub(super) fn bracket(&mut self, start: usize) {
        self.start.get_or_insert(start);
        self.is_row |= self.shape.is_empty();
    }

    /// Reads what stood in brackets.
    pub(super) fn holds(&mut self, mut inner: Self) {
        inner.all.holds(inner.shape.number());
        self.shape.holds(inner.all.number());
    }

    /// Ends the element at hand.
    pub(super) fn next(&mut self) -> Option<Element> {
        let start = self.start.take()?;
        let shape = std::mem::take(&mut self.shape).number();
        let repeats = !self.exact && self.repeats(shape);
        if !repeats {
            self.all.holds(shape);
        }
        Some(Element { start, is_row: std::mem::take(&mut self.is_row), repeats })
    }

    fn repeats(&mut self, shape: u64) -> bool {
        if let Some((_, count)) = self.seen.iter_mut().find(|(seen, _)| *seen == shape) {
            *count += 1;
            return *count > KEPT;
        }
        if self.seen.len() < KEPT {
            self.seen.push((shape, 1));
        }
        false
    }
}
