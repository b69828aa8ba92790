//! What came most often, of things without number.

use std::sync::{Mutex, PoisonError, TryLockError};

/// How many are remembered.
const KEPT: usize = 32;
/// Bytes of a text that are remembered; it may be an attack.
const LONGEST: usize = 96;

/// Something that came often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frequent {
    /// Its first 96 bytes or fewer, without control characters.
    pub text: String,
    /// It came at most so often.
    pub count: u64,
    /// Less so much, it came at least so often.
    pub over: u64,
}

/// The space-saving sketch (Metwally and others, 2005): a new text takes the place of the rarest, with its count as
/// the most it may have had before. What makes up more than one in 32 of all is always there.
#[derive(Debug, Default)]
pub(super) struct Top(Mutex<Vec<Frequent>>);

impl Top {
    /// Counts a text, unless another thread is at it: these are names for people, and no request waits for them.
    pub(super) fn note(&self, text: &str) {
        let mut kept = match self.0.try_lock() {
            Ok(kept) => kept,
            Err(TryLockError::Poisoned(kept)) => kept.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        note(&mut kept, &text[..text.floor_char_boundary(LONGEST)]);
    }

    /// All that are remembered, most frequent first.
    pub(super) fn all(&self) -> Vec<Frequent> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
        all
    }
}

fn note(kept: &mut Vec<Frequent>, text: &str) {
    if let Some(known) = kept.iter_mut().find(|known| is(&known.text, text)) {
        known.count += 1;
        return;
    }
    if kept.len() < KEPT {
        kept.push(Frequent { text: shown(text).collect(), count: 1, over: 0 });
        return;
    }
    if let Some(rarest) = kept.iter_mut().min_by_key(|known| known.count) {
        rarest.over = rarest.count;
        rarest.count += 1;
        rarest.text.clear();
        rarest.text.extend(shown(text));
    }
}

fn is(known: &str, text: &str) -> bool {
    known.chars().eq(shown(text))
}

/// Such as can be printed on a terminal.
fn shown(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_often_is_remembered_among_any_number_of_others() {
        let top = Top::default();
        for number in 0..10_000 {
            top.note(&format!("/.env.{number}"));
            if number % 5 == 0 {
                top.note("/wp-login.php");
            }
        }
        let all = top.all();
        assert_eq!(all.len(), KEPT);
        assert_eq!(all[0].text, "/wp-login.php");
        assert!(all[0].count - all[0].over <= 2_000 && 2_000 <= all[0].count, "{:?}", all[0]);
    }

    #[test]
    fn a_hostile_text_is_cut_and_cannot_write_to_a_terminal() {
        let top = Top::default();
        let text = format!("/\u{1b}[2J{}", "é".repeat(100_000));
        top.note(&text);
        top.note(&text);
        let [only] = &top.all()[..] else { panic!("one text, twice") };
        assert_eq!((only.count, only.over), (2, 0));
        assert!(only.text.starts_with("/\u{fffd}[2Jéé") && only.text.len() <= LONGEST + 2, "{}", only.text);
    }
}
