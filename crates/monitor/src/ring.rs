use std::collections::VecDeque;

use crate::pair::{Pairs, WindowPair};

/// The windows of one watch, for readers that come later: bounded, and honest about what they missed.
#[derive(Debug)]
pub struct PairRing {
    epoch: u64,
    capacity: usize,
    pairs: VecDeque<WindowPair>,
}

impl PairRing {
    /// How many windows are kept unless told otherwise: at 25 requests each, the last 100,000 requests.
    pub const CAPACITY: usize = 4_096;

    /// An empty ring for a watch.
    pub const fn new(epoch: u64) -> Self {
        Self { epoch, capacity: Self::CAPACITY, pairs: VecDeque::new() }
    }

    /// Keeps so many windows, at least one.
    #[must_use]
    pub fn with_capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity.max(1);
        self
    }

    /// Adds a closed window; the oldest goes where there is no room. A window of another epoch begins the ring anew.
    pub fn push(&mut self, pair: WindowPair) {
        if pair.epoch != self.epoch {
            self.epoch = pair.epoch;
            self.pairs.clear();
        }
        if self.pairs.len() >= self.capacity {
            self.pairs.pop_front();
        }
        self.pairs.push_back(pair);
    }

    /// The windows after `seq`, oldest first; 0 gives all. `missed` counts those that are gone.
    pub fn after(&self, seq: u64) -> Pairs {
        let first = self.pairs.front().map_or(0, |pair| pair.seq);
        let pairs = self.pairs.iter().filter(|pair| pair.seq > seq).cloned().collect();
        Pairs { epoch: self.epoch, missed: first.saturating_sub(seq.saturating_add(1)), pairs }
    }

    /// The number of the newest window; 0 where there is none.
    pub fn latest(&self) -> u64 {
        self.pairs.back().map_or(0, |pair| pair.seq)
    }

    /// The watch the windows belong to.
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pair::ArmWindow;

    fn pair(epoch: u64, seq: u64) -> WindowPair {
        let none = ArmWindow::default;
        WindowPair { seq, epoch, candidate_bps: 1_000, lasted_ms: 250, candidate: none(), stable: none() }
    }

    fn seqs(pairs: &Pairs) -> Vec<u64> {
        pairs.pairs.iter().map(|pair| pair.seq).collect()
    }

    #[test]
    fn a_reader_gets_what_came_after_and_hears_what_it_missed() {
        let mut ring = PairRing::new(1).with_capacity(3);
        assert_eq!((ring.latest(), ring.after(0)), (0, Pairs { epoch: 1, ..Pairs::default() }));
        (1..=5).for_each(|seq| ring.push(pair(1, seq)));
        assert_eq!((seqs(&ring.after(0)), ring.after(0).missed), (vec![3, 4, 5], 2));
        assert_eq!((seqs(&ring.after(4)), ring.after(4).missed), (vec![5], 0));
        assert_eq!((seqs(&ring.after(9)), ring.after(9).missed), (vec![], 0));
    }

    #[test]
    fn a_new_watch_begins_anew() {
        let mut ring = PairRing::new(1);
        ring.push(pair(1, 40));
        ring.push(pair(2, 1));
        assert_eq!((ring.epoch(), seqs(&ring.after(0))), (2, vec![1]));
    }
}
