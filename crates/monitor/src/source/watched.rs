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

/// The windows of one watch.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) begun: Begun,
    ring: PairRing,
}

/// An epoch that no earlier one of this machine had, whichever process it was in.
pub(super) fn next_epoch(clock: &dyn Clock, former: Option<&Watched>) -> u64 {
    let after = former.map_or(0, |watched| watched.ring.epoch().saturating_add(1));
    clock.wall().unix_millis().max(after)
}

impl Watched {
    pub(super) fn new(begun: Begun, epoch: u64) -> Self {
        Self { begun, ring: PairRing::new(epoch) }
    }

    pub(super) const fn epoch(&self) -> u64 {
        self.ring.epoch()
    }

    pub(super) fn push(&mut self, pair: WindowPair) {
        self.ring.push(pair);
    }

    pub(super) fn after(&self, seq: Option<u64>) -> Pairs {
        self.ring.after(seq.filter(|seq| *seq <= self.ring.latest()).unwrap_or(0))
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
