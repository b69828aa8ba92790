use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use super::table::MOST;
use super::thread::{NUMBERS, number};
use crate::FlagName;

/// Flags whose counters lie together.
const CHUNK: usize = 64;

/// Chunks that a thread can have.
const CHUNKS: usize = MOST / CHUNK;

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

/// Counts reads. A thread with a number has counters of its own, which nobody else writes: a load and a store, no
/// locked instruction. Threads without one share the last shard, and pay for it.
pub(crate) struct Counters {
    shards: Box<[OnceLock<Shard>]>,
}

struct Shard {
    chunks: Box<[OnceLock<Box<Chunk>>]>,
}

/// For each flag the reads that found it off, and those that found it on.
type Chunk = [AtomicU64; 2 * CHUNK];

impl Counters {
    pub(crate) fn new() -> Self {
        Self { shards: (0..=NUMBERS).map(|_| OnceLock::new()).collect() }
    }

    #[inline]
    pub(crate) fn count(&self, flag: u32, on: bool) {
        let thread = number();
        let Some(counter) = self.shards[thread].get_or_init(Shard::new).counter(flag, on) else { return };
        if thread < NUMBERS {
            counter.store(counter.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
        } else {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often the flag was found off, and on.
    pub(crate) fn sum(&self, flag: u32) -> [u64; 2] {
        [false, true]
            .map(|on| self.shards.iter().filter_map(OnceLock::get).map(|shard| shard.read(flag, on)).sum())
    }
}

impl Shard {
    #[cold]
    fn new() -> Self {
        Self { chunks: (0..CHUNKS).map(|_| OnceLock::new()).collect() }
    }

    #[inline]
    fn counter(&self, flag: u32, on: bool) -> Option<&AtomicU64> {
        let chunk = self.chunks.get(flag as usize / CHUNK)?.get_or_init(chunk);
        Some(&chunk[within(flag, on)])
    }

    fn read(&self, flag: u32, on: bool) -> u64 {
        let chunk = self.chunks[flag as usize / CHUNK].get();
        chunk.map_or(0, |chunk| chunk[within(flag, on)].load(Ordering::Relaxed))
    }
}

#[cold]
fn chunk() -> Box<Chunk> {
    Box::new([const { AtomicU64::new(0) }; 2 * CHUNK])
}

#[inline]
const fn within(flag: u32, on: bool) -> usize {
    flag as usize % CHUNK * 2 + on as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_however_many_threads_count() {
        let counters = Counters::new();
        std::thread::scope(|scope| {
            for thread in 0..100_u32 {
                let counters = &counters;
                scope.spawn(move || {
                    for read in 0..1_000_u32 {
                        counters.count(read % 70, thread % 2 == 0);
                    }
                });
            }
        });
        let sums = (0..70).map(|flag| counters.sum(flag));
        let [off, on] = sums.fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
        assert_eq!([off, on], [50_000, 50_000]);
        assert_eq!(counters.sum(0).iter().sum::<u64>(), 100 * 15);
    }
}
