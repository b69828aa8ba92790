//! Texts compared without regard to case, letter by letter, so that no lower-case copy is made.

/// The letters of a text in lower case. Both of the Greek lower-case sigmas are the same letter here.
pub(crate) fn fold(text: &str) -> impl DoubleEndedIterator<Item = char> {
    text.chars().flat_map(char::to_lowercase).map(|letter| if letter == 'ς' { 'σ' } else { letter })
}

/// What is looked for in a text without regard to case.
///
/// Found in time that grows with the text alone (Knuth, Morris, Pratt), however the two repeat themselves.
#[derive(Debug)]
pub(crate) struct Needle {
    letters: Box<[char]>,
    /// For each count of letters found, how many of them still count when the next one does not fit.
    fallback: Box<[usize]>,
}

impl Needle {
    pub(crate) fn new(text: &str) -> Self {
        let letters: Box<[char]> = fold(text).collect();
        let mut fallback = vec![0; letters.len()];
        let mut found = 0;
        for at in 1..letters.len() {
            found = step(&letters, &fallback, found, letters[at]);
            fallback[at] = found;
        }
        Self { letters, fallback: fallback.into() }
    }

    pub(crate) fn is_in(&self, text: &str) -> bool {
        let mut found = 0;
        self.letters.is_empty()
            || fold(text).any(|letter| {
                found = step(&self.letters, &self.fallback, found, letter);
                found == self.letters.len()
            })
    }

    pub(crate) fn begins(&self, text: &str) -> bool {
        let mut text = fold(text);
        self.letters.iter().all(|letter| text.next() == Some(*letter))
    }

    pub(crate) fn ends(&self, text: &str) -> bool {
        let mut text = fold(text).rev();
        self.letters.iter().rev().all(|letter| text.next() == Some(*letter))
    }
}

/// How many letters are found after one more of the text.
fn step(letters: &[char], fallback: &[usize], mut found: usize, letter: char) -> usize {
    while found > 0 && letters.get(found) != Some(&letter) {
        found = fallback[found - 1];
    }
    if letters.get(found) == Some(&letter) { found + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sigma_is_one_letter_wherever_it_stands() {
        assert!(Needle::new("ΟΔΟΣ").is_in("οδος"));
        assert!(Needle::new("ΟΔΟΣ").ends("η οδοσ"));
    }

    proptest! {
        #[test]
        fn a_needle_that_repeats_itself_is_found(needle in "[ab]{1,5}", text in "[ab]{0,24}") {
            prop_assert_eq!(Needle::new(&needle).is_in(&text), text.contains(&needle));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn a_needle_is_found_where_lower_case_copies_say(needle in "[abAB]{0,4}|\\PC{0,4}", text in "[abAB]{0,12}|\\PC{0,12}") {
            prop_assume!(!format!("{needle}{text}").contains(['Σ', 'ς', 'σ']));
            let (low, found) = (text.to_lowercase(), Needle::new(&needle));
            let needle = needle.to_lowercase();
            prop_assert_eq!(found.is_in(&text), low.contains(&needle));
            prop_assert_eq!(found.begins(&text), low.starts_with(&needle));
            prop_assert_eq!(found.ends(&text), low.ends_with(&needle));
        }
    }
}
