//! Takes out of a huge statement what says the same again and again: the rows of an `INSERT`, the numbers of an `IN`.
//!
//! A tree costs many times the text it is made of. Elements of a list that look like those before them, constants
//! aside, call and read nothing new, so white space stands in their place and all others keep their bytes.

mod list;
mod shape;

use std::borrow::Cow;

use squawk_lexer::TokenKind;

use self::list::List;
use super::text::{is_trivia, tokens};

/// Shorter statements are parsed as they are.
const MIN_BYTES: usize = 1 << 16;

/// A statement without what it repeats.
#[derive(Debug)]
pub(super) struct Thinned<'t> {
    /// Its text, as long as before.
    pub(super) text: Cow<'t, str>,
    /// How many rows were taken out.
    pub(super) rows: usize,
}

/// Takes out what a statement that reads or writes rows repeats.
pub(super) fn thinned(text: &str) -> Thinned<'_> {
    if text.len() < MIN_BYTES || !is_of_rows(text) {
        return Thinned { text: Cow::Borrowed(text), rows: 0 };
    }
    let mut thinning = Thinning::default();
    for (start, token) in tokens(text).filter(|(_, token)| !is_trivia(token.kind)) {
        let end = start + token.len as usize;
        thinning.take(token.kind, text.get(start..end).unwrap_or_default(), start, end);
    }
    Thinned { text: Cow::Owned(without(text, &thinning.cuts)), rows: thinning.rows }
}

/// The labels of an enum must all be kept, and so must whatever else is made.
fn is_of_rows(text: &str) -> bool {
    let word = text.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    ["insert", "select", "update", "delete", "with", "values"]
        .iter()
        .any(|verb| word.eq_ignore_ascii_case(verb))
}

fn without(text: &str, cuts: &[(usize, usize)]) -> String {
    let mut thin = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end) in cuts {
        thin.push_str(text.get(at..*start).unwrap_or_default());
        thin.extend(std::iter::repeat_n(' ', end - start));
        at = *end;
    }
    thin.push_str(text.get(at..).unwrap_or_default());
    thin
}

/// The lists that are open, the innermost last.
#[derive(Default)]
struct Thinning {
    list: List,
    outer: Vec<List>,
    last_word: bool,
    cuts: Vec<(usize, usize)>,
    rows: usize,
}

impl Thinning {
    fn take(&mut self, kind: TokenKind, text: &str, start: usize, end: usize) {
        match kind {
            TokenKind::OpenParen | TokenKind::OpenBracket => self.open(start),
            TokenKind::CloseParen | TokenKind::CloseBracket => self.close(),
            TokenKind::Comma => self.comma(end),
            _ => self.list.take(kind, text, start),
        }
        self.last_word = matches!(kind, TokenKind::Ident) && !shape::opens_list(text);
    }

    /// What stands in parentheses after a name are the arguments of a function, and each matters.
    fn open(&mut self, start: usize) {
        self.list.bracket(start);
        let inner = List::new(self.last_word);
        self.outer.push(std::mem::replace(&mut self.list, inner));
    }

    fn close(&mut self) {
        if let Some(outer) = self.outer.pop() {
            let inner = std::mem::replace(&mut self.list, outer);
            self.list.holds(inner);
        }
    }

    /// An element that was seen before goes, with its comma.
    fn comma(&mut self, end: usize) {
        let Some(element) = self.list.next() else { return };
        if !element.repeats {
            return;
        }
        while self.cuts.last().is_some_and(|(start, _)| *start >= element.start) {
            self.cuts.pop();
        }
        self.cuts.push((element.start, end));
        self.rows += usize::from(self.outer.is_empty() && element.is_row);
    }
}

#[cfg(test)]
mod tests;
