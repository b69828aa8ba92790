//! The questions, each with its own evidence.

use std::time::Duration;

use super::block::{Arm, Block};
use super::bounds::Likelihood;
use super::limits::SequentialLimits;
use super::mixture::{EVERY, Mixture, Starts};
use super::odds::{above, below};
use crate::LatencyCode;

/// What a p95 lets be slow.
const TAIL: f64 = 0.05;
/// Fewer stable requests than this say nothing of its p95.
const BASELINE: u64 = 50;
/// A candidate is to blame for being over an absolute limit only if its odds of that are surely twice stable's: ten
/// percent of time can make nearly twice as many cross.
const APART: f64 = 2.0;

/// Questions about a candidate beside stable.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    pace: Pace,
    /// It fails more often.
    pub(crate) errors: Mixture,
    /// More of its requests take longer than stable's p95, and by the minimum effect.
    pub(crate) tail: Mixture,
    /// More than 5 % of its requests cross the latency limit,
    slow: Mixture,
    /// and more than of stable's.
    slower: Mixture,
    /// It completes less than its share.
    pub(crate) completions: Mixture,
    /// The odds of failing, for people.
    pub(crate) likelihood: Likelihood,
}

/// Questions about a candidate that has all the traffic.
#[derive(Debug, Clone)]
pub(crate) struct Alone {
    pace: Pace,
    /// More of its requests fail than may.
    pub(crate) errors: Mixture,
    /// More of them cross the latency limit than may, or than stable's did.
    pub(crate) slow: Mixture,
    /// More than 5 % of them take longer than stable's past p95, and by the minimum effect.
    pub(crate) tail: Mixture,
}

/// The two proofs that a candidate is good.
#[derive(Debug, Clone)]
pub(crate) struct Good {
    errors: Mixture,
    slow: Mixture,
}

/// What was known of stable before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Past {
    pub(crate) p95: Option<LatencyCode>,
    /// Share of its requests that crossed the limit.
    slow: f64,
}

#[derive(Debug, Clone, Default)]
struct Pace {
    starts: Starts,
    next: Duration,
}

impl Pace {
    /// The part with which fresh copies begin now, if some are due.
    fn due(&mut self, elapsed: Duration) -> Option<f64> {
        (elapsed >= self.next).then(|| {
            self.next = elapsed.saturating_add(EVERY);
            self.starts.next()
        })
    }

    fn merge(&mut self, other: &Self) {
        self.starts.merge(other.starts);
        self.next = self.next.max(other.next);
    }
}

impl Beside {
    pub(crate) fn new(limits: &SequentialLimits) -> Self {
        let fewer = 1.0 / limits.min_effect;
        Self {
            pace: Pace::default(),
            errors: Mixture::new(limits.min_effect, above(limits.min_effect)),
            tail: Mixture::new(1.0, above(1.0)),
            slow: Mixture::new(1.0, above(1.0)),
            slower: Mixture::new(APART, above(APART)),
            completions: Mixture::new(fewer, below(fewer)),
            likelihood: Likelihood::new(),
        }
    }

    /// Begins fresh copies where they are due.
    pub(crate) fn at(&mut self, elapsed: Duration) {
        if let Some(part) = self.pace.due(elapsed) {
            self.all().for_each(|mixture| mixture.start(part));
        }
    }

    /// Takes a block; `past` is what was known of stable before it.
    pub(crate) fn absorb(&mut self, block: &Block, past: Option<&Past>, limits: &SequentialLimits) {
        let (candidate, beside) = (&block.candidate, &block.stable);
        let (share, completed) = (block.share(), block.share_completed());
        let failed = candidate.errors.saturating_add(beside.errors);
        self.errors.absorb(candidate.errors, failed, completed, limits.error_cluster);
        self.likelihood.absorb(candidate.errors, failed, completed, limits.error_cluster);
        if let Some(p95) = past.and_then(|past| past.p95) {
            let late = candidate.beyond(reach(p95, limits), limits.max_p95);
            self.tail.absorb(late, late.saturating_add(beside.beyond(p95, limits.max_p95)), share, 1.0);
        }
        self.slow.absorb(candidate.slow, candidate.seen(), TAIL, 1.0);
        self.slower.absorb(candidate.slow, candidate.slow.saturating_add(beside.slow), share, 1.0);
    }

    /// Both must hold, so the weaker evidence counts.
    pub(crate) fn slow(&self) -> f64 {
        self.slow.log_e().min(self.slower.log_e())
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.pace.merge(&other.pace);
        self.errors.merge(&other.errors);
        self.tail.merge(&other.tail);
        self.slow.merge(&other.slow);
        self.slower.merge(&other.slower);
        self.completions.merge(&other.completions);
        self.likelihood.merge(&other.likelihood);
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Mixture> {
        [&mut self.errors, &mut self.tail, &mut self.slow, &mut self.slower, &mut self.completions]
            .into_iter()
    }
}

impl Alone {
    pub(crate) fn new() -> Self {
        let mixture = || Mixture::new(1.0, above(1.0));
        Self { pace: Pace::default(), errors: mixture(), slow: mixture(), tail: mixture() }
    }

    /// Begins fresh copies where they are due.
    pub(crate) fn at(&mut self, elapsed: Duration) {
        if let Some(part) = self.pace.due(elapsed) {
            for mixture in [&mut self.errors, &mut self.slow, &mut self.tail] {
                mixture.start(part);
            }
        }
    }

    pub(crate) fn absorb(&mut self, block: &Block, past: Option<&Past>, limits: &SequentialLimits) {
        let arm = &block.candidate;
        self.errors.absorb(arm.errors, arm.n, limits.max_error_rate, limits.error_cluster);
        // A service that was always slow is not this release's fault.
        let usual = past.map_or(TAIL, |past| (past.slow * APART).clamp(TAIL, 0.95));
        self.slow.absorb(arm.slow, arm.seen(), usual, 1.0);
        if let Some(p95) = past.and_then(|past| past.p95) {
            self.tail.absorb(arm.beyond(reach(p95, limits), limits.max_p95), arm.seen(), TAIL, 1.0);
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.pace.merge(&other.pace);
        self.errors.merge(&other.errors);
        self.slow.merge(&other.slow);
        self.tail.merge(&other.tail);
    }
}

impl Good {
    pub(crate) fn new() -> Self {
        let single = || Mixture::single(1.0, below(1.0));
        Self { errors: single(), slow: single() }
    }

    pub(crate) fn absorb(&mut self, block: &Block, limits: &SequentialLimits) {
        let arm = &block.candidate;
        self.errors.absorb(arm.errors, arm.n, limits.promote_error_rate, limits.error_cluster);
        self.slow.absorb(arm.slow, arm.seen(), TAIL, 1.0);
    }

    /// The weaker of the two proofs.
    pub(crate) fn log_e(&self) -> f64 {
        self.errors.log_e().min(self.slow.log_e())
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.errors.merge(&other.errors);
        self.slow.merge(&other.slow);
    }
}

impl Past {
    pub(crate) fn of(stable: &Arm, limit: Duration) -> Option<Self> {
        let seen = stable.seen();
        (seen > 0).then(|| Self {
            p95: stable.p95(limit).filter(|_| stable.n >= BASELINE),
            slow: crate::interval::wide(stable.slow.min(seen)) / crate::interval::wide(seen),
        })
    }
}

/// How long a candidate's request must take to be slow by the minimum effect where stable's p95 is in `p95`.
fn reach(p95: LatencyCode, limits: &SequentialLimits) -> LatencyCode {
    LatencyCode::of(p95.value().mul_f64(limits.min_effect))
}
