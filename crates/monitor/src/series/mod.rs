//! Counting, on the request path.

mod last;
#[cfg(all(loom, test))]
mod models;
mod pages;
mod slots;
mod totals;

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use crate::histogram::Histogram;
use crate::sync::OnceBox;

use last::LastRing;
use pages::{Place, Table};
use slots::{NAMED, SLOTS};

pub(crate) use last::LastRequests;
pub(crate) use pages::{OCTAVES, PARTS};
#[cfg(all(loom, test))]
pub(crate) use slots::wait_until_all_are_back;
pub use totals::Totals;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Answered; 4xx included, since the caller's mistake is not the release's.
    Ok,
    /// Failed: 5xx, connect or transport error, timeout.
    Error,
    /// Given up by the client before it was over.
    Cancelled,
}

/// Takes samples on the request path.
pub trait LatencySink: Send + Sync {
    /// Counts one request. Cannot fail, takes no lock, reads no clock.
    fn record(&self, took: Duration, outcome: Outcome);
}

/// Counters of one endpoint or slot, shared by all threads.
///
/// Every counter only grows: there is no reset to race with, so nothing is lost or counted twice, and any number of
/// windows share one series, each the difference of two readings. Outcome and latency of a sample are one counter,
/// so no reader can see a failure without its request.
///
/// Each thread has counters of its own, a *shard*, that nobody else writes: counting is a load and a store, with no
/// locked instruction and no cache line that two writers pass to and fro. Up to 64 threads have a shard at a time; a
/// thread that ends leaves its own to the next that begins. Threads beyond these, and what a thread counts while its
/// thread-locals are being destroyed, share one more, by `fetch_add`.
///
/// Recording allocates nothing per sample. It does where it touches something for the first time: the shard (1 KiB)
/// with a slot's first sample, and a page (256 B) with the first sample of its power of two and outcome.
pub struct Series {
    shards: [OnceBox<Table>; NAMED],
    overflow: OnceBox<Table>,
    last: Option<Box<LastRing>>,
}

/// Everything that has been written so far: the shards that exist.
struct Tables<'a> {
    found: [Option<&'a Table>; SLOTS as usize + 1],
    len: usize,
}

/// How many requests of the outcomes that have no latencies of their own in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    pub(crate) errors: u64,
    pub(crate) cancelled: u64,
}

impl Series {
    /// All zero.
    pub fn new() -> Self {
        Self { shards: std::array::from_fn(|_| OnceBox::new()), overflow: OnceBox::new(), last: None }
    }

    /// How many requests a [`Window::LastN`](crate::Window::LastN) may look back on unless told otherwise: 1,000.
    pub const LAST: NonZeroU32 = last::USUAL;

    /// Also keeps the last so many requests, each to the microsecond, for [`Window::LastN`](crate::Window::LastN); at
    /// most 2^20 of them.
    ///
    /// Not for nothing: 8 to 16 bytes for each request kept, and one `fetch_add` that all threads share with each
    /// sample.
    #[must_use]
    pub fn keeping_last(mut self, requests: NonZeroU32) -> Self {
        self.last = Some(Box::new(LastRing::new(requests)));
        self
    }

    /// How many of the last requests are kept.
    pub fn keeps_last(&self) -> Option<NonZeroU32> {
        self.last.as_ref().map(|last| last.keep())
    }

    /// The last `count` requests, where so many are kept.
    pub(crate) fn last(&self, count: NonZeroU32) -> Option<LastRequests> {
        let last = self.last.as_ref().filter(|last| count <= last.keep())?;
        Some(last.read(count.get()))
    }

    /// Reads every counter that was ever used.
    pub fn totals(&self) -> Totals {
        let tables = self.tables();
        Totals {
            ok: tables.histogram(Outcome::Ok),
            errors: tables.histogram(Outcome::Error),
            cancelled: tables.histogram(Outcome::Cancelled),
        }
    }

    /// Answered and failed requests together, by octave, ascending; octaves without a page are left out.
    #[inline]
    pub(crate) fn completed(&self, mut each: impl FnMut(usize, &mut [u64; PARTS])) -> Sums {
        let tables = self.tables();
        let mut sums = Sums::default();
        for octave in 0..OCTAVES {
            let mut counts = [0; PARTS];
            let answered = tables.read(Outcome::Ok, octave, &mut counts);
            let failed = tables.read(Outcome::Error, octave, &mut counts);
            sums.errors += failed;
            if answered + failed > 0 {
                each(octave, &mut counts);
            }
            sums.cancelled += tables.read(Outcome::Cancelled, octave, &mut [0; PARTS]);
        }
        sums
    }

    fn tables(&self) -> Tables<'_> {
        let mut tables = Tables { found: [None; SLOTS as usize + 1], len: 0 };
        for table in self.shards[..usize::from(SLOTS)].iter().chain([&self.overflow]).filter_map(OnceBox::get)
        {
            tables.found[tables.len] = Some(table);
            tables.len += 1;
        }
        tables
    }

    /// A thread's first sample of this series, and every sample of a thread without a slot.
    #[cold]
    #[inline(never)]
    fn add_elsewhere(&self, place: Place) {
        let (shard, alone) = match slots::claim() {
            Some(slot) => (&self.shards[usize::from(slot)], true),
            None => (&self.overflow, false),
        };
        let table = shard.get_or_init(|| Box::new(Table::new()));
        if alone { table.add_alone(place) } else { table.add(place) }
    }
}

impl Sums {
    /// Both together.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self { errors: self.errors + other.errors, cancelled: self.cancelled + other.cancelled }
    }

    /// What was counted since `earlier`.
    pub(crate) const fn since(self, earlier: Self) -> Self {
        Self {
            errors: self.errors.saturating_sub(earlier.errors),
            cancelled: self.cancelled.saturating_sub(earlier.cancelled),
        }
    }
}

impl Tables<'_> {
    #[inline]
    fn read(&self, outcome: Outcome, octave: usize, sums: &mut [u64; PARTS]) -> u64 {
        self.found[..self.len].iter().flatten().map(|table| table.read(outcome, octave, sums)).sum()
    }

    fn histogram(&self, outcome: Outcome) -> Histogram {
        let mut histogram = Histogram::default();
        for octave in 0..OCTAVES {
            let mut counts = [0; PARTS];
            if self.read(outcome, octave, &mut counts) > 0 {
                histogram.append(octave, &counts);
            }
        }
        histogram
    }
}

impl Default for Series {
    fn default() -> Self {
        Self::new()
    }
}

impl LatencySink for Series {
    #[expect(
        clippy::inline_always,
        reason = "a call would cost a third of it, and turn the outcome into a variable"
    )]
    #[inline(always)]
    fn record(&self, took: Duration, outcome: Outcome) {
        let place = Place::of(outcome, took);
        match self.shards.get(usize::from(slots::current())).and_then(OnceBox::get) {
            Some(shard) => shard.add_alone(place),
            None => self.add_elsewhere(place),
        }
        if let Some(last) = &self.last {
            last.push(took, outcome);
        }
    }
}

impl fmt::Debug for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let totals = self.totals();
        let mut shown = f.debug_struct("Series");
        shown.field("count", &totals.count()).field("errors", &totals.errors.count());
        shown.field("cancelled", &totals.cancelled.count()).finish()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::cell::RefCell;
    use std::sync::Arc;

    use super::*;

    /// Counts when it is dropped.
    struct Parting(Arc<Series>);

    impl Drop for Parting {
        fn drop(&mut self) {
            self.0.record(Duration::ZERO, Outcome::Ok);
        }
    }

    thread_local! {
        static PARTING: RefCell<Option<Parting>> = const { RefCell::new(None) };
    }

    #[test]
    fn a_thread_that_has_given_its_slot_back_counts_in_the_overflow() {
        let series = Arc::new(Series::new());
        let of_thread = series.clone();
        let thread = std::thread::spawn(move || {
            // Thread-locals go in the reverse order of their first use: the slot before this.
            PARTING.with(|parting| *parting.borrow_mut() = Some(Parting(of_thread.clone())));
            of_thread.record(Duration::ZERO, Outcome::Ok);
            assert!(of_thread.overflow.get().is_none(), "this thread has a slot");
        });
        thread.join().expect("it only counts");
        assert!(series.overflow.get().is_some(), "the slot may be another thread's by now");
        assert_eq!(series.totals().count(), 2);
    }
}
