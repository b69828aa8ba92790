//! The windows that still count, and sums over the newest of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::tally::Tally;
use crate::histogram::Histogram;
use crate::pair::WindowPair;

/// However short windows are, no more than so many are kept: 80 s of one per 10 ms.
const CAPACITY: usize = 8_192;
/// The shortest stretch that is judged by itself; the next is twice as long, and so on.
const SHORTEST: Duration = Duration::from_millis(250);

/// Windows of one epoch by number, back to a span of time.
///
/// What is kept depends on which windows came, not on their order.
#[derive(Debug, Clone)]
pub(super) struct Horizon {
    span: Duration,
    /// Whether a change of route makes what came before it uncountable: the arms' shares of good and bad times then
    /// differ, and their sums cannot be compared.
    one_route: bool,
    epoch: Option<u64>,
    /// Windows up to this number are gone for good.
    floor: u64,
    lasted: Duration,
    windows: BTreeMap<u64, Arc<WindowPair>>,
}

/// The newest windows together, over some stretch of time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stretch {
    pub(super) candidate: Tally,
    pub(super) stable: Tally,
    pub(super) lasted: Duration,
    /// How many windows it is made of.
    pub(super) windows: usize,
    /// Whether it is all there is.
    pub(super) whole: bool,
}

impl Horizon {
    pub(super) fn new(span: Duration, one_route: bool) -> Self {
        Self { span, one_route, epoch: None, floor: 0, lasted: Duration::ZERO, windows: BTreeMap::new() }
    }

    pub(super) fn take(&mut self, pair: &Arc<WindowPair>) {
        if self.epoch != Some(pair.epoch) {
            *self = Self { epoch: Some(pair.epoch), ..Self::new(self.span, self.one_route) };
        }
        if self.windows.contains_key(&pair.seq) || (pair.seq <= self.floor && self.floor > 0) {
            return;
        }
        if self.one_route {
            self.cut_at_turn(pair);
        }
        if pair.seq > self.floor || self.floor == 0 {
            self.lasted = self.lasted.saturating_add(lasted(pair));
            self.windows.insert(pair.seq, pair.clone());
        }
        self.forget_old();
    }

    /// Adds the windows of another watch of the same time, each to the one that is as many before the newest.
    pub(super) fn merge(&mut self, other: &Self) {
        let Some((&newest, _)) = self.windows.last_key_value() else {
            *self = other.clone();
            return;
        };
        for (back, theirs) in (0..).zip(other.windows.values().rev()) {
            let Some(seq) = newest.checked_sub(back) else { return };
            if let Some(mine) = self.windows.get_mut(&seq) {
                Arc::make_mut(mine).add(theirs);
            } else {
                self.lasted = self.lasted.saturating_add(lasted(theirs));
                self.windows.insert(seq, theirs.clone());
            }
        }
        self.forget_old();
    }

    /// The share in the newest window.
    pub(super) fn candidate_bps(&self) -> Option<u16> {
        self.windows.last_key_value().map(|(_, pair)| pair.candidate_bps)
    }

    /// The newest windows over ever longer stretches, each about twice the last; the final one is the whole.
    ///
    /// A late failure shows in the short ones before it shows in the whole, and a trickle of requests only in the
    /// whole.
    pub(super) fn stretches(&self) -> Vec<Stretch> {
        let (mut all, mut sum, mut next) = (Vec::new(), Stretch::default(), SHORTEST);
        for pair in self.windows.values().rev() {
            sum.candidate.add(&pair.candidate);
            sum.stable.add(&pair.stable);
            sum.lasted = sum.lasted.saturating_add(lasted(pair));
            sum.windows += 1;
            if sum.lasted >= next {
                all.push(sum);
                next = sum.lasted.saturating_mul(2);
            }
        }
        all.pop_if(|last| last.windows == sum.windows);
        all.push(Stretch { whole: true, ..sum });
        all
    }

    /// Latencies of candidate and stable over the newest windows.
    pub(super) fn latencies(&self, windows: usize) -> (Histogram, Histogram) {
        let newest = || self.windows.values().rev().take(windows);
        (
            Histogram::sum(newest().map(|pair| &pair.candidate.hist)),
            Histogram::sum(newest().map(|pair| &pair.stable.hist)),
        )
    }

    fn cut_at_turn(&mut self, pair: &WindowPair) {
        let Some((&newest, last)) = self.windows.last_key_value() else { return };
        if last.candidate_bps != pair.candidate_bps {
            self.floor = self.floor.max(newest.min(pair.seq));
            self.forget_up_to_floor();
        }
    }

    fn forget_old(&mut self) {
        while let Some((&oldest, pair)) = self.windows.first_key_value() {
            if self.lasted.saturating_sub(lasted(pair)) < self.span && self.windows.len() <= CAPACITY {
                return;
            }
            self.floor = oldest;
            self.forget_up_to_floor();
        }
    }

    fn forget_up_to_floor(&mut self) {
        while let Some(entry) = self.windows.first_entry().filter(|entry| *entry.key() <= self.floor) {
            self.lasted = self.lasted.saturating_sub(lasted(&entry.remove()));
        }
    }
}

fn lasted(pair: &WindowPair) -> Duration {
    Duration::from_millis(pair.lasted_ms)
}
