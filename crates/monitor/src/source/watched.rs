use std::collections::VecDeque;
use std::time::Duration;

use handover_core::{BySlot, Clock, RunId, Slot};

use crate::cut::{CutRules, PairCutter};
use crate::meter::{Meter, MeterTotals};
use crate::pair::{Pairs, WindowPair};
use crate::ring::PairRing;

/// What was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Begun {
    pub(super) run: RunId,
    pub(super) candidate: Slot,
    pub(super) limit: Duration,
}

/// The windows of one watch, of which some may never be given out.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) begun: Begun,
    ring: PairRing,
    withheld: VecDeque<u64>,
    latest: u64,
}

/// An epoch that no earlier one of this machine had, whichever process it was in.
pub(super) fn next_epoch(clock: &dyn Clock, former: Option<&Watched>) -> u64 {
    let after = former.map_or(0, |watched| watched.ring.epoch().saturating_add(1));
    clock.wall().unix_millis().max(after)
}

impl Watched {
    pub(super) fn new(begun: Begun, epoch: u64) -> Self {
        Self { begun, ring: PairRing::new(epoch), withheld: VecDeque::new(), latest: 0 }
    }

    pub(super) const fn epoch(&self) -> u64 {
        self.ring.epoch()
    }

    pub(super) fn push(&mut self, pair: WindowPair) {
        self.latest = pair.seq;
        self.ring.push(pair);
    }

    /// This window is not to be believed: its reader hears that it is missing.
    #[cfg(feature = "haproxy-source")]
    pub(super) fn withhold(&mut self, seq: u64) {
        self.latest = seq;
        self.withheld.push_back(seq);
        if self.withheld.len() > PairRing::CAPACITY {
            self.withheld.pop_front();
        }
    }

    pub(super) fn after(&self, seq: Option<u64>) -> Pairs {
        let seq = seq.filter(|seq| *seq <= self.latest).unwrap_or(0);
        let mut found = self.ring.after(seq);
        // Those before the first window that is kept are in the ring's own count.
        let counted = if found.missed > 0 { found.pairs.first().map_or(0, |pair| pair.seq) } else { 0 };
        let withheld = self.withheld.iter().filter(|missing| **missing > seq.max(counted)).count();
        found.missed = found.missed.saturating_add(withheld as u64);
        found
    }
}

/// Cuts two meters into windows.
#[derive(Debug)]
pub(super) struct Cutting {
    begun: Begun,
    cutter: PairCutter,
}

impl Cutting {
    pub(super) fn new(
        begun: Begun,
        epoch: u64,
        now: Duration,
        bps: u16,
        meters: &BySlot<Meter>,
        rules: CutRules,
    ) -> Self {
        let [candidate, stable] = read(&begun, now, meters);
        let cutter = PairCutter::new(epoch, now, bps, candidate, stable).with_rules(rules);
        Self { begun, cutter }
    }

    pub(super) fn tick(&mut self, now: Duration, bps: u16, meters: &BySlot<Meter>) -> Option<WindowPair> {
        let [candidate, stable] = read(&self.begun, now, meters);
        self.cutter.tick(now, bps, candidate, stable)
    }
}

fn read(begun: &Begun, now: Duration, meters: &BySlot<Meter>) -> [MeterTotals; 2] {
    [begun.candidate, begun.candidate.other()].map(|slot| meters[slot].read(now, begun.limit))
}
