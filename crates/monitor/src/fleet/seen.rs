use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Which numbers have been seen, as ranges; bounded, so that no sender can make it grow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Seen {
    /// First and last of each unbroken range, ascending, never touching.
    ranges: BTreeMap<u64, u64>,
    given_up: u64,
}

impl Seen {
    /// The most ranges that are told apart; past that the oldest gap is closed for good.
    pub(super) const RANGES: usize = 256;

    /// Whether the number is new; it is seen from now on.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        if self.contains(number) || self.is_below_what_was_given_up(number) {
            return false;
        }
        let before = self.ranges.range(..number).next_back().map(|(&first, &last)| (first, last));
        let first = match before {
            Some((first, last)) if last + 1 == number => first,
            _ => number,
        };
        let last = number.checked_add(1).and_then(|next| self.ranges.remove(&next)).unwrap_or(number);
        self.ranges.insert(first, last);
        self.forget_the_oldest_gap();
        true
    }

    /// The numbers between the first seen and the last that were not, oldest first.
    pub(super) fn gaps(&self) -> Vec<RangeInclusive<u64>> {
        let next = self.ranges.keys().skip(1);
        self.ranges.values().zip(next).map(|(last, first)| last + 1..=first - 1).collect()
    }

    /// How many those are, with those that have been given up.
    pub(super) fn missing(&self) -> u64 {
        let gaps = self.gaps().into_iter().map(|gap| gap.end() - gap.start() + 1);
        gaps.fold(self.given_up, u64::saturating_add)
    }

    /// The largest number seen.
    pub(super) fn last(&self) -> u64 {
        self.ranges.values().next_back().copied().unwrap_or_default()
    }

    /// Whether the number has been seen.
    pub(super) fn contains(&self, number: u64) -> bool {
        self.ranges.range(..=number).next_back().is_some_and(|(_, &last)| number <= last)
    }

    fn is_below_what_was_given_up(&self, number: u64) -> bool {
        self.given_up > 0 && self.ranges.keys().next().is_some_and(|&first| number < first)
    }

    fn forget_the_oldest_gap(&mut self) {
        if self.ranges.len() <= Self::RANGES {
            return;
        }
        let (Some((first, last)), Some((next, end))) = (self.ranges.pop_first(), self.ranges.pop_first())
        else {
            return;
        };
        self.given_up = self.given_up.saturating_add(next - last - 1);
        self.ranges.insert(first, end);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn holes_are_told_and_close_again() {
        let mut seen = Seen::default();
        for number in [4, 5, 9, 7] {
            assert!(seen.insert(number));
        }
        assert!(!seen.insert(5));
        assert_eq!((seen.gaps(), seen.missing(), seen.last()), (vec![6..=6, 8..=8], 2, 9));
        assert!(seen.insert(6) && seen.insert(8) && seen.insert(3));
        assert_eq!((seen.gaps(), seen.missing()), (vec![], 0));
    }

    #[test]
    fn a_sender_of_holes_costs_no_more_than_the_bound() {
        let mut seen = Seen::default();
        (0..100_000u64).rev().for_each(|number| assert!(seen.insert(number * 3) || number < 99_999));
        assert!(seen.ranges.len() <= Seen::RANGES);
        let mut seen = Seen::default();
        (0..100_000u64).for_each(|number| assert!(seen.insert(number * 3)));
        assert!(seen.ranges.len() <= Seen::RANGES);
        assert_eq!(seen.missing(), 2 * 99_999);
        assert!(!seen.insert(1), "what was given up is not new");
    }

    proptest! {
        #[test]
        fn ranges_are_a_set(numbers in vec(prop_oneof![1u64..60, Just(u64::MAX), Just(u64::MAX - 1)], 0..100)) {
            let (mut seen, mut set) = (Seen::default(), BTreeSet::new());
            for number in numbers {
                prop_assert_eq!(seen.insert(number), set.insert(number));
            }
            let listed: u64 = seen.ranges.iter().map(|(first, last)| last - first + 1).sum();
            prop_assert_eq!(listed, set.len() as u64);
            prop_assert_eq!(seen.last(), set.last().copied().unwrap_or_default());
            let spanned = set.first().zip(set.last()).map_or(0, |(first, last)| last - first + 1);
            prop_assert_eq!(seen.missing(), spanned - listed);
        }
    }
}
