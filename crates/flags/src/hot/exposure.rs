use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use super::thread::{NUMBERS, number};
use crate::FlagName;

/// How often a flag was read, since the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exposure {
    /// Which flag.
    pub flag: FlagName,
    /// Reads that found it on.
    pub on: u64,
    /// Reads that found it off.
    pub off: u64,
}

/// Counts the reads of one flag. A thread with a number has a line of its own, which nobody else writes: a load and a
/// store, no locked instruction. Threads without one share the last line, and pay for it.
#[derive(Default)]
pub(crate) struct Counts(OnceLock<Box<[Line; NUMBERS + 1]>>);

/// Reads that found the flag off, and on; alone on its line of the cache.
#[repr(align(64))]
struct Line([AtomicU64; 2]);

impl Counts {
    #[inline]
    pub(crate) fn count(&self, on: bool) {
        let thread = number();
        let counter = &self.0.get_or_init(lines)[thread].0[usize::from(on)];
        if thread < NUMBERS {
            counter.store(counter.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
        } else {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often the flag was found off, and on.
    pub(crate) fn sum(&self) -> [u64; 2] {
        let lines = || self.0.get().into_iter().flat_map(|lines| lines.iter());
        [0, 1].map(|on| lines().map(|line| line.0[on].load(Ordering::Relaxed)).sum())
    }
}

/// Made at a flag's first read.
#[cold]
fn lines() -> Box<[Line; NUMBERS + 1]> {
    Box::new([const { Line([const { AtomicU64::new(0) }; 2]) }; NUMBERS + 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_however_many_threads_count() {
        let counts = Counts::default();
        std::thread::scope(|scope| {
            for thread in 0..100_u32 {
                let counts = &counts;
                scope.spawn(move || (0..1_000).for_each(|_| counts.count(thread % 2 == 0)));
            }
        });
        assert_eq!(counts.sum(), [50_000, 50_000]);
    }

    #[test]
    fn a_flag_that_was_never_read_was_read_no_times() {
        assert_eq!(Counts::default().sum(), [0, 0]);
    }
}
