use std::cmp::Ordering;

use super::super::value::fold;

/// A set of texts, found by halving, so that no choice of texts makes it slow.
#[derive(Debug)]
pub(super) struct Words {
    sorted: Box<[Box<str>]>,
    ignore_case: bool,
}

/// Of so few, a look at their lengths mostly tells.
const FEW: usize = 8;

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
        if self.ignore_case {
            return self.sorted.binary_search_by(|word| by_letters(word, text)).is_ok();
        }
        if self.sorted.len() <= FEW {
            return self.sorted.iter().any(|word| **word == *text);
        }
        self.sorted.binary_search_by(|word| (**word).cmp(text)).is_ok()
    }
}

/// Letters compare as the bytes of the sorted texts do.
fn by_letters(word: &str, text: &str) -> Ordering {
    word.chars().cmp(fold(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_set_is_found_and_no_other_in_whatever_order_they_came() {
        let word = |at: u32| format!("Wörd {}", at.wrapping_mul(2_654_435_761));
        let words: Vec<String> = (0..200).map(word).collect();
        for count in [0, 1, 8, 9, 200] {
            let (exact, folded) = (Words::new(&words[..count], false), Words::new(&words[..count], true));
            for (at, word) in words.iter().enumerate() {
                let (inside, large) = (at < count, word.to_uppercase());
                assert_eq!((exact.has(word), folded.has(word)), (inside, inside), "{word} of {count}");
                assert_eq!((exact.has(&large), folded.has(&large)), (false, inside), "{large} of {count}");
            }
        }
    }
}
