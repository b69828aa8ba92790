use std::cmp::Ordering;

use super::super::value::fold;

/// A set of texts, found by halving, so that no choice of texts makes it slow.
#[derive(Debug)]
pub(super) struct Words {
    sorted: Box<[Box<str>]>,
    ignore_case: bool,
}

impl Words {
    pub(super) fn new(values: &[String], ignore_case: bool) -> Self {
        let kept = |value: &String| if ignore_case { fold(value).collect() } else { value.as_str().into() };
        let mut sorted: Vec<Box<str>> = values.iter().map(kept).collect();
        sorted.sort_unstable();
        sorted.dedup();
        Self { sorted: sorted.into(), ignore_case }
    }

    #[inline]
    pub(super) fn has(&self, text: &str) -> bool {
        match &*self.sorted {
            _ if self.ignore_case => self.sorted.binary_search_by(|word| by_letters(word, text)).is_ok(),
            // Most sets are this small; a look at the length mostly tells.
            words @ ([] | [_] | [_, _] | [_, _, _] | [_, _, _, _]) => {
                words.iter().any(|word| **word == *text)
            }
            words => words.binary_search_by(|word| (**word).cmp(text)).is_ok(),
        }
    }
}

/// Letters compare as the bytes of the sorted texts do.
fn by_letters(word: &str, text: &str) -> Ordering {
    word.chars().cmp(fold(text))
}
