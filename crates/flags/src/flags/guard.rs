//! A store that is suddenly empty is more often an accident than a wish.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::store::{Contents, Key};

/// When the loss of flags looks like an accident.
///
/// It is asked only where a store was read as a whole: after a reconnect, a `FLUSHALL`, a restart without data. A flag that
/// is deleted by itself is gone at once. What is suspect is held, with the values it had, until the store has it again, or
/// an operator says that so few flags are meant: `handover flags accept`, which changes [`Contents::epoch`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WipeGuard {
    most: Option<f64>,
}

impl WipeGuard {
    /// Suspects the loss of everything, and of more than this share of the flags: above 0, at most 1.
    ///
    /// Out of bounds means the nearest bound.
    pub const fn share(most: f64) -> Self {
        Self { most: Some(most.clamp(0.0, 1.0)) }
    }

    /// Believes every store.
    pub const fn off() -> Self {
        Self { most: None }
    }
}

impl Default for WipeGuard {
    /// More than half.
    fn default() -> Self {
        Self::share(0.5)
    }
}

/// What is held although the store has it no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suspect {
    /// The keys.
    pub held: BTreeSet<Key>,
    /// How many keys were known before.
    pub of: usize,
}

impl WipeGuard {
    /// What of the known keys is missing, if that looks like an accident.
    pub(super) fn suspects<'a>(
        self,
        known: impl ExactSizeIterator<Item = &'a Key>,
        now: &Contents,
    ) -> Option<Suspect> {
        let most = self.most?;
        let of = known.len();
        let held: BTreeSet<_> = known.filter(|key| !now.values.contains_key(*key)).cloned().collect();
        let all = held.len() == of;
        let too_many = exceeds(held.len(), of, most);
        (!held.is_empty() && (all || too_many)).then_some(Suspect { held, of })
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are no 2^52 flags")]
fn exceeds(lost: usize, of: usize, most: f64) -> bool {
    lost as f64 > of as f64 * most
}

impl Suspect {
    /// What of it the store still has not.
    pub(super) fn still_missing(&self, now: &Contents) -> Option<Self> {
        let held: BTreeSet<_> =
            self.held.iter().filter(|key| !now.values.contains_key(*key)).cloned().collect();
        (!held.is_empty()).then_some(Self { held, of: self.of })
    }

    /// Whether anything is left to hold once this is known of a key.
    pub(super) fn release(&mut self, key: &Key) -> bool {
        self.held.remove(key);
        !self.held.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FlagName, Held};

    fn keys(count: usize) -> Vec<Key> {
        (0..count).map(|number| Key::Gate(FlagName::new(&format!("f{number}")).unwrap())).collect()
    }

    fn with_first(count: usize) -> Contents {
        let values = keys(count).into_iter().map(|key| (key, Held::from("true")));
        Contents { values: values.collect(), ..Contents::default() }
    }

    fn held(guard: WipeGuard, known: usize, left: usize) -> Option<usize> {
        guard.suspects(keys(known).iter(), &with_first(left)).map(|suspect| suspect.held.len())
    }

    #[test]
    fn losing_everything_or_more_than_the_share_is_suspect() {
        let guard = WipeGuard::default();
        assert_eq!(held(guard, 1, 0), Some(1));
        assert_eq!(held(guard, 10, 4), Some(6));
        assert_eq!(held(guard, 10, 5), None);
        assert_eq!(held(guard, 10, 10), None);
        assert_eq!(held(guard, 0, 0), None);
    }

    #[test]
    fn a_share_of_one_suspects_the_loss_of_everything_only() {
        assert_eq!(held(WipeGuard::share(1.0), 10, 1), None);
        assert_eq!(held(WipeGuard::share(7.0), 10, 0), Some(10));
        assert_eq!(held(WipeGuard::off(), 10, 0), None);
    }
}
