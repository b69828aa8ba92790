//! Where the counters lie: pages of one octave and one outcome each, allocated when the first sample falls into one.

use std::time::Duration;

use crate::code::{FIRST_KEY, KEYS, LatencyCode};
use crate::series::Outcome;
use crate::sync::{AtomicU32, OnceBox, Ordering};

/// Counters of a page: the codes of one power of two.
pub(crate) const PARTS: usize = if cfg!(loom) { 2 } else { LatencyCode::PER_OCTAVE };
/// Pages of an outcome that are ever used.
pub(crate) const OCTAVES: usize = if cfg!(loom) { 1 } else { LatencyCode::COUNT / PARTS };
/// Places for them: the power of two of a key.
const ROW: usize = if cfg!(loom) { 1 } else { KEYS / PARTS };

/// A low counter's part of the whole count; every time it has gone up by so much, the high one goes up by one.
const EPOCH: u32 = 1 << 31;

/// The place of a counter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    page: usize,
    part: usize,
}

/// Cache lines of its own, in the pairs in which processors fetch them, so that no two writers share one.
#[derive(Debug)]
#[repr(align(128))]
struct Page([AtomicU32; PARTS]);

#[derive(Debug)]
struct Pages([OnceBox<Page>; 3 * ROW]);

/// Counters of 64 bits at the price of 32.
///
/// The low half is a free-running 32-bit counter. Every 2^31 counts the writer adds one to the high half, which is
/// allocated only then. A reader loads the high half first; the top bit of the low one tells whether it is an epoch
/// ahead of it, so that a reading in between is right too. It could be wrong only where 2^31 counts fall between the
/// two loads.
#[derive(Debug)]
pub(super) struct Table {
    low: Pages,
    high: OnceBox<Pages>,
}

impl Place {
    #[inline]
    pub(super) fn of(outcome: Outcome, took: Duration) -> Self {
        let key = LatencyCode::key(took);
        // Modelled threads share a few counters only.
        Self { page: row(outcome) + key / PARTS % ROW, part: key % PARTS }
    }
}

const fn row(outcome: Outcome) -> usize {
    outcome as usize * ROW
}

impl Page {
    fn new() -> Box<Self> {
        Box::new(Self(std::array::from_fn(|_| AtomicU32::new(0))))
    }
}

impl Pages {
    fn new() -> Self {
        Self(std::array::from_fn(|_| OnceBox::new()))
    }

    #[inline]
    fn counter(&self, place: Place) -> &AtomicU32 {
        let page = &self.0[place.page];
        &page.get().unwrap_or_else(|| allocate(page)).0[place.part]
    }
}

#[cold]
#[inline(never)]
fn allocate(page: &OnceBox<Page>) -> &Page {
    page.get_or_init(Page::new)
}

impl Table {
    pub(super) fn new() -> Self {
        Self { low: Pages::new(), high: OnceBox::new() }
    }

    /// For the one thread that writes here: no other may at the same time.
    #[inline]
    pub(super) fn add_alone(&self, place: Place) {
        let counter = self.low.counter(place);
        let next = counter.load(Ordering::Relaxed).wrapping_add(1);
        counter.store(next, Ordering::Release);
        if next.is_multiple_of(EPOCH) {
            self.carry(place);
        }
    }

    /// For any thread.
    pub(super) fn add(&self, place: Place) {
        let next = self.low.counter(place).fetch_add(1, Ordering::Release).wrapping_add(1);
        if next.is_multiple_of(EPOCH) {
            self.carry(place);
        }
    }

    #[cold]
    #[inline(never)]
    fn carry(&self, place: Place) {
        self.high.get_or_init(|| Box::new(Pages::new())).counter(place).fetch_add(1, Ordering::Release);
    }

    /// Adds the counts of one octave to `sums`, and says how many samples those were.
    #[inline]
    pub(super) fn read(&self, outcome: Outcome, octave: usize, sums: &mut [u64; PARTS]) -> u64 {
        let page = row(outcome) + (FIRST_KEY / PARTS + octave) % ROW;
        let high = self.high.get().and_then(|high| high.0[page].get());
        let Some(low) = self.low.0[page].get() else { return 0 };
        match high {
            None => sum(sums, |part| u64::from(low.0[part].load(Ordering::Acquire))),
            Some(high) => sum(sums, |part| whole(&high.0[part], &low.0[part])),
        }
    }
}

#[inline]
fn sum(sums: &mut [u64; PARTS], counted: impl Fn(usize) -> u64) -> u64 {
    let mut all = 0;
    for (part, sum) in sums.iter_mut().enumerate() {
        let count = counted(part);
        *sum += count;
        all += count;
    }
    all
}

/// The high half first, else a carry between the loads would go unseen.
fn whole(high: &AtomicU32, low: &AtomicU32) -> u64 {
    let (epochs, low) = (high.load(Ordering::Acquire), low.load(Ordering::Acquire));
    let ahead = (low / EPOCH) != epochs % 2;
    (u64::from(epochs) + u64::from(ahead)) * u64::from(EPOCH) + u64::from(low % EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOK: Duration = Duration::from_millis(20);

    fn counted(table: &Table) -> u64 {
        let mut sums = [0; PARTS];
        let octaves = (0..OCTAVES).map(|octave| table.read(Outcome::Ok, octave, &mut sums));
        octaves.sum()
    }

    #[test]
    fn counting_goes_on_where_thirty_two_bits_end() {
        let (table, place) = (Table::new(), Place::of(Outcome::Ok, TOOK));
        let low = table.low.counter(place);
        let mut seen = 0;
        // Around each end of an epoch of two laps of the low half.
        for epoch in 1..=4u64 {
            let before = u64::from(EPOCH) * epoch - 3;
            #[expect(clippy::cast_possible_truncation, reason = "the low half of it")]
            low.store(before as u32, Ordering::Relaxed);
            for count in 1..=6 {
                let add = if count % 2 == 0 { Table::add } else { Table::add_alone };
                add(&table, place);
                seen = before + count;
                assert_eq!(counted(&table), seen);
            }
        }
        assert!(seen > u64::from(u32::MAX) * 2, "two whole laps");
    }

    #[test]
    fn a_reader_between_the_halves_of_a_carry_is_right_too() {
        for epochs in 0..5u32 {
            let (high, low) =
                (AtomicU32::new(epochs), AtomicU32::new(epochs.wrapping_mul(EPOCH).wrapping_add(7)));
            let before = u64::from(EPOCH) * u64::from(epochs) + 7;
            assert_eq!(whole(&high, &low), before);
            // The low half has gone into its next epoch, the high half does not know yet.
            low.fetch_add(EPOCH, Ordering::Relaxed);
            assert_eq!(whole(&high, &low), before + u64::from(EPOCH));
        }
    }

    #[test]
    fn every_code_has_a_counter_of_its_own_and_is_read_in_its_octave() {
        let table = Table::new();
        for index in 0..LatencyCode::COUNT {
            let code = LatencyCode::from_index(index).expect("a code");
            for outcome in [Outcome::Ok, Outcome::Error, Outcome::Cancelled] {
                table.add_alone(Place::of(outcome, code.value()));
                let mut sums = [0; PARTS];
                let _ = table.read(outcome, index / PARTS, &mut sums);
                let expected: [u64; PARTS] = std::array::from_fn(|part| u64::from(part <= index % PARTS));
                assert_eq!(sums, expected, "code {index}");
            }
        }
    }
}

#[cfg(all(loom, test))]
mod models {
    use loom::sync::Arc;
    use loom::thread;

    use super::*;

    /// Both halves of a count, read while it is carried from one to the other: before or after, nothing else.
    #[test]
    fn a_carry_is_read_as_one_count() {
        loom::model(|| {
            let table = Arc::new(Table::new());
            let place = Place::of(Outcome::Ok, Duration::ZERO);
            table.low.counter(place).store(u32::MAX, Ordering::Relaxed);
            table.high.get_or_init(|| Box::new(Pages::new())).counter(place).store(1, Ordering::Relaxed);
            let writer = {
                let table = table.clone();
                thread::spawn(move || table.add_alone(place))
            };
            let read = || table.read(Outcome::Ok, 0, &mut [0; PARTS]);
            let (first, second) = (read(), read());
            let before = u64::from(u32::MAX);
            assert!(before <= first && first <= second && second <= before + 1, "{first} {second}");
            writer.join().expect("it only counts");
            assert_eq!(read(), before + 1);
        });
    }
}
