//! Intervals that hold at any moment, from the same bets: what the evidence rules out, and what it leaves.

use super::odds::{Point, above, below, grid, log_sum, tilt};
use crate::LatencyCode;
use crate::histogram::Histogram;
use crate::interval::wide;

/// How likely each odds on the grid made what was seen, as far as all blocks tell together.
#[derive(Debug, Clone)]
pub(crate) struct Likelihood {
    odds: Vec<f64>,
    logs: Vec<f64>,
}

impl Likelihood {
    pub(crate) fn new() -> Self {
        let odds = grid();
        Self { logs: vec![0.0; odds.len()], odds }
    }

    /// Takes a block, as [`super::mixture::Mixture::absorb`] does.
    pub(crate) fn absorb(&mut self, k: u64, m: u64, s: f64, divisor: f64) {
        if m == 0 || !(s > 0.0 && s < 1.0) {
            return;
        }
        let (k, m) = (wide(k.min(m)), wide(m));
        for (log, &odds) in self.logs.iter_mut().zip(&self.odds) {
            *log += tilt(k, m, s, odds) / divisor;
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (log, other) in self.logs.iter_mut().zip(&other.logs) {
            *log += other;
        }
    }

    /// The odds that are left at confidence `1 - alpha`; an end is open where even the last inner point of the grid is
    /// not ruled out.
    pub(crate) fn interval(&self, alpha: f64) -> (Option<f64>, Option<f64>) {
        if self.logs.iter().all(|&log| log == 0.0) {
            return (None, None);
        }
        let needed = (2.0 / alpha).ln();
        let inner = 1..self.odds.len() - 1;
        let low = inner.clone().rev().find(|&at| self.higher(at) >= needed);
        let high = inner.clone().find(|&at| self.lower(at) >= needed);
        (low.map(|at| self.odds[at]), high.map(|at| self.odds[at]))
    }

    /// The evidence that the odds are above the grid's point `at`: all points beyond it against it.
    fn higher(&self, at: usize) -> f64 {
        let points = above(self.odds[at]);
        log_sum(points.iter().zip(&self.logs[at + 1..]).map(|(point, log)| point.log_weight + log))
            - self.logs[at]
    }

    /// The evidence that they are below it: all points of the grid before it, evenly weighted, against it.
    fn lower(&self, at: usize) -> f64 {
        log_sum(self.logs[..at].iter().copied()) - wide(at as u64).ln() - self.logs[at]
    }
}

/// The evidence of `k` bad ones among `n` against a share of `share` (odds of one), at any moment.
pub(super) fn one_sample(k: u64, n: u64, share: f64, points: &[Point]) -> f64 {
    log_sum(points.iter().map(|point| point.log_weight + tilt(wide(k), wide(n), share, point.odds)))
}

/// The codes between which the quantile of the traffic lies with confidence `1 - alpha`, however often one looked: it
/// is above the first and at most the second. An end is missing where too few samples were seen.
pub(crate) fn quantile_codes(
    hist: &Histogram,
    q: f64,
    alpha: f64,
) -> (Option<LatencyCode>, Option<LatencyCode>) {
    let (needed, share, n) = ((2.0 / alpha).ln(), 1.0 - q, hist.count());
    let (high, low) = (above(1.0), below(1.0));
    let (mut beyond, mut bounds) = (n, (None, None));
    for (code, count) in hist.iter() {
        beyond -= count.min(beyond);
        if one_sample(beyond, n, share, &high) >= needed {
            bounds.0 = Some(code);
        }
        if bounds.1.is_none() && one_sample(beyond, n, share, &low) >= needed {
            bounds.1 = Some(code);
        }
    }
    bounds
}
