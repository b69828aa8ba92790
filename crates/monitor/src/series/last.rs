//! The last N requests, exactly.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::series::Outcome;
use crate::sync::{AtomicU64, Ordering};

/// How many requests are kept unless told otherwise: as many as the usual written strategy asks for.
pub(crate) const USUAL: NonZeroU32 = NonZeroU32::new(1_000).unwrap();
/// More than this would be a log, at 8 bytes each.
const MOST: u32 = 1 << 20;

/// Bits of the time in a cell, which is in microseconds: 71 minutes.
const MICROS: u32 = 32;
/// Bits of the outcome.
const OUTCOME: u32 = 2;
/// Bits of the lap: where it begins again, a writer would have to sleep through 2^30 laps to be taken for a new one.
const LAP: u32 = 30;

/// A ring that each request puts one word into.
///
/// The order is that in which requests took their numbers: of two that end at the same time there is no other. A word
/// holds the lap it belongs to, so a reader tells a cell whose writer has taken its number but was held up from one
/// that was written: it takes an older request in its place, of which the ring keeps a few. A writer that is held up
/// for a whole lap writes over a newer request, and a reader misses that one.
#[derive(Debug)]
pub(super) struct LastRing {
    keep: NonZeroU32,
    next: AtomicU64,
    cells: Box<[AtomicU64]>,
}

/// The last requests, read once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct LastRequests {
    /// Microseconds of answered and failed requests, ascending.
    pub(crate) micros: Vec<u32>,
    pub(crate) errors: u64,
    pub(crate) cancelled: u64,
}

impl LastRing {
    pub(super) fn new(keep: NonZeroU32) -> Self {
        let keep = keep.min(NonZeroU32::new(MOST).unwrap_or(keep));
        // A power of two, so that a cell is found without dividing; what is more than asked for stands in.
        let cells = (keep.get() + 1).next_power_of_two();
        let cells = (0..cells).map(|_| AtomicU64::new(0)).collect();
        Self { keep, next: AtomicU64::new(0), cells }
    }

    pub(super) const fn keep(&self) -> NonZeroU32 {
        self.keep
    }

    /// Not inline: most series keep none, and pay for no more than asking.
    #[inline(never)]
    pub(super) fn push(&self, took: Duration, outcome: Outcome) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.put(number, took, outcome);
    }

    #[inline]
    fn put(&self, number: u64, took: Duration, outcome: Outcome) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).min(u64::from(u32::MAX));
        let word = (self.lap(number) << (MICROS + OUTCOME)) | ((outcome as u64) << MICROS) | micros;
        self.cell(number).store(word, Ordering::Release);
    }

    /// The newest `count` requests, fewer where there were fewer.
    pub(super) fn read(&self, count: u32) -> LastRequests {
        let mut last = LastRequests::default();
        let next = self.next.load(Ordering::Acquire);
        let oldest = next.saturating_sub(self.cells.len() as u64);
        let words = (oldest..next).rev().filter_map(|number| self.written(number));
        words.take(count as usize).for_each(|word| last.take(word));
        last.micros.sort_unstable();
        last
    }

    /// What was written under a number, unless it is not yet, or no longer.
    fn written(&self, number: u64) -> Option<u64> {
        let word = self.cell(number).load(Ordering::Acquire);
        (word >> (MICROS + OUTCOME) == self.lap(number)).then_some(word)
    }

    #[inline]
    fn cell(&self, number: u64) -> &AtomicU64 {
        #[expect(clippy::cast_possible_truncation, reason = "the ring's length is a power of two below 2^32")]
        &self.cells[number as usize % self.cells.len()]
    }

    /// Counted from 1: an empty cell is of lap 0.
    #[inline]
    fn lap(&self, number: u64) -> u64 {
        (number / self.cells.len() as u64 + 1) % (1 << LAP)
    }
}

impl LastRequests {
    /// Requests of every outcome.
    pub(crate) fn count(&self) -> u64 {
        self.micros.len() as u64 + self.cancelled
    }

    fn take(&mut self, word: u64) {
        let outcome = (word >> MICROS) % (1 << OUTCOME);
        if outcome == Outcome::Cancelled as u64 {
            self.cancelled += 1;
            return;
        }
        self.errors += u64::from(outcome == Outcome::Error as u64);
        #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
        self.micros.push(word as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(keep: u32) -> LastRing {
        LastRing::new(NonZeroU32::new(keep).expect("not zero"))
    }

    const fn us(micros: u64) -> Duration {
        Duration::from_micros(micros)
    }

    #[test]
    fn the_last_are_kept_to_the_microsecond() {
        let ring = ring(5);
        (1..=100).for_each(|micros| ring.push(us(micros), Outcome::Ok));
        ring.push(us(7), Outcome::Error);
        ring.push(us(9), Outcome::Cancelled);
        let last = ring.read(5);
        assert_eq!((last.micros, last.errors, last.cancelled), (vec![7, 98, 99, 100], 1, 1));
        assert_eq!(ring.read(2).micros, [7]);
    }

    #[test]
    fn an_hour_and_more_is_the_longest_there_is() {
        let ring = ring(1);
        ring.push(Duration::MAX, Outcome::Ok);
        assert_eq!(ring.read(1).micros, [u32::MAX]);
    }

    #[test]
    fn a_writer_that_was_held_up_is_stood_in_for_by_an_older_request() {
        let ring = ring(3);
        (1..=4).for_each(|micros| ring.push(us(micros), Outcome::Ok));
        let held_up = ring.next.fetch_add(1, Ordering::Relaxed);
        assert_eq!(ring.read(3).micros, [2, 3, 4]);
        ring.put(held_up, us(5), Outcome::Ok);
        assert_eq!(ring.read(3).micros, [3, 4, 5]);
    }

    #[test]
    fn one_that_was_held_up_for_a_lap_is_not_taken_for_a_new_request() {
        let ring = ring(3);
        let held_up = ring.next.fetch_add(1, Ordering::Relaxed);
        (11..=14).for_each(|micros| ring.push(us(micros), Outcome::Ok));
        ring.put(held_up, us(99), Outcome::Ok);
        assert_eq!(ring.read(3).micros, [11, 12, 13]);
    }
}
