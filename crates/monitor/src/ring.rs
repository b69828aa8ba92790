use std::collections::VecDeque;

use crate::pair::{Pairs, WindowPair};

/// The windows of one watch, for readers that come later: bounded, and honest about what they missed.
///
/// A window that has no room any more becomes part of one long window of its route. So whoever reads from the start,
/// such as a driver that was started again, still gets every request of the watch, only less finely cut.
#[derive(Debug)]
pub struct PairRing {
    epoch: u64,
    capacity: usize,
    /// Long windows, one for each route there was, oldest first.
    past: VecDeque<WindowPair>,
    pairs: VecDeque<WindowPair>,
}

impl PairRing {
    /// How many windows are kept unless told otherwise: at 25 requests each, the last 100,000 requests.
    pub const CAPACITY: usize = 4_096;
    /// Of how many routes the past is kept; a deployment has three or four.
    const ROUTES: usize = 64;

    /// An empty ring for a watch.
    pub const fn new(epoch: u64) -> Self {
        Self { epoch, capacity: Self::CAPACITY, past: VecDeque::new(), pairs: VecDeque::new() }
    }

    /// Keeps so many windows, at least one.
    #[must_use]
    pub fn with_capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity.max(1);
        self
    }

    /// Adds a closed window; the oldest joins the past where there is no room. A window of another epoch begins the
    /// ring anew.
    pub fn push(&mut self, pair: WindowPair) {
        if pair.epoch != self.epoch {
            self.epoch = pair.epoch;
            self.past.clear();
            self.pairs.clear();
        }
        if self.pairs.len() >= self.capacity
            && let Some(oldest) = self.pairs.pop_front()
        {
            self.remember(oldest);
        }
        self.pairs.push_back(pair);
    }

    /// The windows after `seq`, oldest first; 0 gives all. Who has read a part of a long window does not get the rest
    /// of it: `missed` counts the windows that cannot be had.
    pub fn after(&self, seq: u64) -> Pairs {
        let past = self.past.iter().filter(|_| seq == 0);
        let pairs: Vec<_> = past.chain(self.pairs.iter().filter(|pair| pair.seq > seq)).cloned().collect();
        let first = self.pairs.front().map_or(0, |pair| pair.seq);
        let missed = first.saturating_sub(seq.saturating_add(1));
        Pairs { epoch: self.epoch, missed, pairs }
    }

    /// The number of the newest window; 0 where there is none.
    pub fn latest(&self) -> u64 {
        self.pairs.back().map_or(0, |pair| pair.seq)
    }

    /// The watch the windows belong to.
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    fn remember(&mut self, oldest: WindowPair) {
        match self.past.back_mut() {
            Some(last) if last.candidate_bps == oldest.candidate_bps => last.append(&oldest),
            _ => self.past.push_back(oldest),
        }
        if self.past.len() > Self::ROUTES {
            self.past.pop_front();
        }
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
        assert_eq!((seqs(&ring.after(1)), ring.after(1).missed), (vec![3, 4, 5], 1));
        assert_eq!((seqs(&ring.after(4)), ring.after(4).missed), (vec![5], 0));
        assert_eq!((seqs(&ring.after(9)), ring.after(9).missed), (vec![], 0));
    }

    #[test]
    fn who_reads_from_the_start_gets_every_request_of_every_route() {
        let mut ring = PairRing::new(1).with_capacity(3);
        for seq in 1..=10 {
            let mut one = pair(1, seq);
            one.candidate_bps = if seq <= 4 { 1_000 } else { 5_000 };
            (one.candidate.n, one.stable.n) = (seq, 100);
            ring.push(one);
        }
        let all = ring.after(0);
        let routes: Vec<_> =
            all.pairs.iter().map(|pair| (pair.seq, pair.candidate_bps, pair.lasted_ms)).collect();
        assert_eq!(routes[..2], [(4, 1_000, 1_000), (7, 5_000, 750)]);
        let requests =
            all.pairs.iter().fold((0, 0), |sum, pair| (sum.0 + pair.candidate.n, sum.1 + pair.stable.n));
        assert_eq!((requests, seqs(&all)), ((55, 1_000), vec![4, 7, 8, 9, 10]));
    }

    #[test]
    fn a_new_watch_begins_anew() {
        let mut ring = PairRing::new(1);
        ring.push(pair(1, 40));
        ring.push(pair(2, 1));
        assert_eq!((ring.epoch(), seqs(&ring.after(0))), (2, vec![1]));
    }
}
