//! A judge that is right at any moment, however often it is asked.
//!
//! A limit that is looked at again and again is crossed by luck some time: of healthy services, 16 to 100 % would be
//! taken back over a million requests. This judge gathers evidence instead (see [`mixture`]): a harmless candidate is
//! blamed in at most `alpha` of all releases, whatever the base rate does, at every split, under any peeking.
//!
//! 1. **One primitive.** Given that something bad happened, whose was it? If the candidate is no worse, that is a draw
//!    by its share of the requests, whatever the base rate; see [`odds`]. Failures, slow requests, crossed limits and
//!    missing completions are all asked so.
//! 2. **Blocks end by counts**, never by the clock alone, and never by outcome; see [`block`].
//! 3. **The minimum effect** is part of the null: ten percent more failures never add up to blame.
//! 4. **Several questions** are averaged with weights that add up to one: valid however they hang together, and as
//!    strong as the strongest of them less its weight.
//! 5. **Late failures** meet fresh bets; see [`mixture::Starts`].
//! 6. **An absolute limit** blames only where stable does not suffer alike. Where the candidate has all the traffic,
//!    there is no stable: failures are held against the limit itself, times against stable's last minute.
//!
//! Evidence proves; what is done about it is asked of a [`DecisionMatrix`], with an estimate from the last minute.

mod block;
mod bounds;
mod floor;
mod limits;
mod mixture;
mod odds;
mod recent;
#[cfg(test)]
mod reference;
mod trials;
mod words;

use std::time::Duration;

use self::block::{Arm, Block};
pub use self::floor::{least_candidate_requests, least_requests};
pub use self::limits::SequentialLimits;
use self::recent::Recent;
use self::trials::{Alone, Beside, Good, Past};
use crate::LatencyCode;
use crate::interval::{chance, wide};
use crate::matrix::{DecisionMatrix, Facts};
use crate::pair::WindowPair;
use crate::verdict::{Action, Analysis, Evidence, Metric, Odds, Verdict};

/// All traffic to the candidate, in basis points.
const WHOLE: u16 = 10_000;
/// After so long without a request of the candidate there is nothing to judge.
const SILENCE: Duration = Duration::from_secs(5);
/// An estimate within this factor of a limit is taken to be at it: a p95 of some hundred requests is no surer.
const RESOLUTION: f64 = 1.05;
/// What the questions weigh; together one. Most bad releases fail.
const WEIGHTS: Weights = Weights {
    errors: 0.52,
    tail: 0.2,
    slow: 0.03,
    completions: 0.14,
    alone: 0.06,
    alone_slow: 0.03,
    past_tail: 0.02,
};
/// Beyond chance, for a sentence that blames nobody.
const LUCK: f64 = 0.01;

struct Weights {
    errors: f64,
    tail: f64,
    slow: f64,
    completions: f64,
    alone: f64,
    alone_slow: f64,
    past_tail: f64,
}

/// Judges by evidence: failures and times beside stable's, absolute limits, completions, and proof that all is well.
///
/// `RollBack` is evidence of `1/alpha` or more on something that the matrix takes back; `Promote` the same much proof
/// that the limits hold, with nothing open; `Wait` no data, a shared incident, or something slower whose size asks for
/// a person; `Continue` is the rest.
#[derive(Debug, Clone)]
pub struct SequentialAnalysis {
    limits: SequentialLimits,
    matrix: DecisionMatrix,
    /// The newest window taken, by epoch and number.
    seen: Option<(u64, u64)>,
    route: Route,
    block: Block,
    recent: Recent,
    elapsed: Duration,
    /// How long the candidate had no request.
    silent: Duration,
    total: Total,
    /// Stable under the route before this one.
    past: Option<Past>,
    beside: Beside,
    alone: Alone,
    good: Good,
}

/// The share in force, and for how long it has been.
#[derive(Debug, Clone, Copy, Default)]
struct Route {
    bps: Option<u16>,
    lasted: Duration,
    /// What it takes until completions follow it: nearly all requests of the route before have ended.
    settled: Duration,
}

/// Requests over the whole watch.
#[derive(Debug, Clone, Copy, Default)]
struct Total {
    candidate: (u64, u64),
    stable: (u64, u64),
    waiting: u64,
}

/// Evidence that may blame the candidate, weighted.
#[derive(Debug, Clone, Copy)]
struct Charge {
    metric: Metric,
    log_e: f64,
    /// Whether it was compared with stable at the same time.
    attributed: bool,
}

impl SequentialAnalysis {
    /// An analysis that has seen nothing, with the strategy's decisions. The limits are taken as they are; `validate`
    /// them first.
    pub fn new(limits: SequentialLimits) -> Self {
        let matrix = DecisionMatrix::default().with_limits(limits.max_error_rate, limits.max_p95_ratio);
        Self {
            beside: Beside::new(&limits),
            alone: Alone::new(),
            good: Good::new(),
            seen: None,
            route: Route::default(),
            block: Block::default(),
            recent: Recent::default(),
            elapsed: Duration::ZERO,
            silent: Duration::ZERO,
            total: Total::default(),
            past: None,
            limits,
            matrix,
        }
    }

    /// With other decisions.
    #[must_use]
    pub fn with_matrix(mut self, matrix: DecisionMatrix) -> Self {
        self.matrix = matrix;
        self
    }

    /// The limits it judges by.
    pub const fn limits(&self) -> &SequentialLimits {
        &self.limits
    }

    /// Whether this window is a new one. Another epoch numbers its windows anew, and its first one follows no other.
    fn is_new(&mut self, pair: &WindowPair) -> bool {
        match self.seen {
            Some((epoch, seq)) if epoch == pair.epoch && pair.seq <= seq => return false,
            Some((epoch, _)) if epoch != pair.epoch => self.close_block(),
            _ => {}
        }
        self.seen = Some((pair.epoch, pair.seq));
        true
    }

    /// A block never holds windows of two routes: the arms' shares of good and bad times would differ.
    fn turn(&mut self, bps: u16) {
        if self.route.bps == Some(bps) {
            return;
        }
        self.close_block();
        self.past = Past::of(self.recent.stable(), self.limits.max_p95).or(self.past);
        let slowest = self.recent.stable().hist.nearest(0.99).map_or(Duration::ZERO, LatencyCode::value);
        self.route =
            Route { bps: Some(bps), lasted: Duration::ZERO, settled: slowest.max(self.limits.max_p95) };
        self.recent.clear();
    }

    fn alone(&self) -> bool {
        self.route.bps.is_some_and(|bps| bps >= WHOLE)
    }

    /// Of what was completed, the candidate's part must be its share. Right after a change of route it is not: what
    /// began before still completes.
    fn completions(&mut self, pair: &WindowPair) {
        if self.limits.exact_share && self.route.lasted >= self.route.settled && pair.candidate_bps < WHOLE {
            let share = f64::from(pair.candidate_bps) / f64::from(WHOLE);
            let all = pair.candidate.n.saturating_add(pair.stable.n);
            self.beside.completions.absorb(pair.candidate.n, all, share, 1.0);
        }
    }

    fn count(&mut self, pair: &WindowPair) {
        let lasted = Duration::from_millis(pair.lasted_ms);
        let heard = pair.candidate.n.saturating_add(pair.candidate.in_flight_over) > 0;
        self.silent = if heard { Duration::ZERO } else { self.silent.saturating_add(lasted) };
        self.elapsed = self.elapsed.saturating_add(lasted);
        self.route.lasted = self.route.lasted.saturating_add(lasted);
        self.total.add(pair);
    }

    fn close_block(&mut self) {
        let block = std::mem::take(&mut self.block);
        if block.is_empty() {
            return;
        }
        let past = self.past.as_ref();
        if self.alone() {
            self.alone.absorb(&block, past, &self.limits);
        } else {
            let before = Past::of(self.recent.stable(), self.limits.max_p95);
            self.beside.absorb(&block, before.as_ref().or(past), &self.limits);
        }
        self.good.absorb(&block, &self.limits);
        self.recent.take(block);
    }

    /// The evidence that the matrix takes the candidate back for, strongest last.
    fn charges(&self) -> Vec<Charge> {
        let mut all = vec![
            self.charge(Metric::Completions, WEIGHTS.completions, self.beside.completions.log_e(), true),
            self.charge(Metric::P95, WEIGHTS.slow, self.beside.slow(), true),
            self.charge(Metric::P95, WEIGHTS.alone_slow, self.alone.slow.log_e(), false),
        ];
        if self.total.candidate.1 >= self.limits.min_errors && self.takes_back_failing() {
            all.push(self.charge(Metric::ErrorRate, WEIGHTS.errors, self.beside.errors.log_e(), true));
            all.push(self.charge(Metric::ErrorRate, WEIGHTS.alone, self.alone.errors.log_e(), false));
        }
        if self.slower().is_some_and(|(_, action)| action == Action::RollBack) {
            all.push(self.charge(Metric::P95Ratio, WEIGHTS.tail, self.beside.tail.log_e(), true));
            all.push(self.charge(Metric::P95Ratio, WEIGHTS.past_tail, self.alone.tail.log_e(), false));
        }
        all.sort_by(|a, b| a.log_e.total_cmp(&b.log_e));
        all
    }

    #[expect(clippy::unused_self, reason = "it reads as one of the analysis' charges")]
    fn charge(&self, metric: Metric, weight: f64, log_e: f64, attributed: bool) -> Charge {
        Charge { metric, log_e: weight.ln() + log_e, attributed }
    }

    fn takes_back_failing(&self) -> bool {
        let rate = share(self.recent.candidate().errors, self.recent.candidate().n);
        let facts = Facts { fails_more: true, error_rate: Some(rate), ..Facts::default() };
        self.matrix.decide(&facts).is_some_and(|rule| rule.then == Action::RollBack)
    }

    /// The candidate's p95 as a multiple of stable's, in the last minute, and what the matrix says to that.
    fn slower(&self) -> Option<(f64, Action)> {
        let limit = self.limits.max_p95;
        let (stable, floor) = if self.alone() {
            (self.past.and_then(|past| past.p95)?, self.limits.p95_past_floor)
        } else {
            (self.recent.stable().p95(limit)?, self.limits.p95_ratio_floor)
        };
        let candidate = self.recent.candidate().p95(limit)?.value();
        let ratio = candidate.as_secs_f64() / stable.value().as_secs_f64();
        let facts = Facts { p95_ratio: Some(ratio * RESOLUTION), ..Facts::default() };
        let action = self.matrix.decide(&facts).map_or(Action::Continue, |rule| rule.then);
        Some((ratio, if candidate < floor { Action::Continue } else { action }))
    }

    fn needed(&self) -> f64 {
        -self.limits.alpha.ln()
    }

    fn judge(&self) -> (Action, Metric, f64, bool, String) {
        let charges = self.charges();
        let log_e = odds::log_sum(charges.iter().map(|charge| charge.log_e));
        if let Some(worst) = charges.last().filter(|_| log_e >= self.needed()) {
            let said = self.blame(worst, log_e);
            return (Action::RollBack, worst.metric, log_e, worst.attributed, said);
        }
        let (action, metric, said) = self.unproven(log_e);
        (action, metric, log_e, !self.alone() && self.total.stable.0 > 0, said)
    }

    /// What is said while nothing is proven against the candidate.
    fn unproven(&self, log_e: f64) -> (Action, Metric, String) {
        let seen = self.total.candidate.0.saturating_add(self.total.waiting);
        if seen == 0 || self.silent >= SILENCE {
            return (Action::Wait, Metric::Traffic, words::silent(seen, self.silent, self.elapsed));
        }
        if let Some(said) = self.incident() {
            return (Action::Wait, Metric::ErrorRate, said);
        }
        if let Some(said) = self.held_by_slowness() {
            return (Action::Wait, Metric::P95Ratio, said);
        }
        if seen < self.limits.min_requests {
            return (Action::Wait, Metric::Traffic, words::too_few(seen, self.limits.min_requests));
        }
        let proven = self.good.log_e() >= self.needed() && log_e < self.needed() / 2.0;
        let action = if proven { Action::Promote } else { Action::Continue };
        (action, Metric::ErrorRate, words::well(proven, self))
    }

    /// Over the error limit in the last minute, beyond chance, and yet not to blame.
    fn incident(&self) -> Option<String> {
        let (candidate, stable) = (self.recent.candidate(), self.recent.stable());
        let limit = self.limits.max_error_rate;
        let over = share(candidate.errors, candidate.n) > limit;
        (over && chance(candidate.errors, candidate.n, limit, true) <= LUCK)
            .then(|| words::incident(candidate, stable, self.recent.lasted(), self.alone()))
    }

    /// Provably slower beside stable, by less than takes it back.
    fn held_by_slowness(&self) -> Option<String> {
        let (ratio, action) = self.slower()?;
        let proven = WEIGHTS.tail.ln() + self.beside.tail.log_e() >= self.needed();
        (!self.alone() && proven && action == Action::Wait && ratio > self.limits.min_effect)
            .then(|| words::slower(ratio, self))
    }

    fn blame(&self, charge: &Charge, log_e: f64) -> String {
        let what = match charge.metric {
            Metric::ErrorRate => words::failing(self, charge.attributed),
            Metric::P95Ratio => words::late(self),
            Metric::Completions => words::hanging(self),
            Metric::P95 | Metric::Traffic => words::slow(self, charge.attributed),
        };
        format!("{what}; {}", words::surely(log_e, charge.attributed))
    }

    fn evidence(&self, metric: Metric, log_e: f64, attributed: bool) -> Evidence {
        let limit = self.limits.max_p95;
        let seconds = |arm: &Arm| arm.p95(limit).map(|code| code.value().as_secs_f64());
        let past = self.past.and_then(|past| past.p95).map(|code| code.value().as_secs_f64());
        let (candidate, stable) = (self.total.candidate, self.total.stable);
        Evidence {
            candidate_n: candidate.0,
            candidate_errors: candidate.1,
            stable_n: stable.0,
            stable_errors: stable.1,
            candidate_p95: seconds(self.recent.candidate()),
            stable_p95: if self.alone() { past } else { seconds(self.recent.stable()) },
            limit: self.limit_of(metric),
            attributed,
            odds: Some(Odds { log_e, needed: self.needed(), ratio: self.beside.likelihood.interval(0.05) }),
        }
    }

    fn limit_of(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::ErrorRate => Some(self.limits.max_error_rate),
            Metric::P95 => Some(limit_seconds(self.limits.max_p95)),
            Metric::P95Ratio => Some(self.limits.max_p95_ratio),
            Metric::Completions | Metric::Traffic => None,
        }
    }
}

impl Analysis for SequentialAnalysis {
    fn observe(&mut self, pair: &WindowPair) {
        if !self.is_new(pair) {
            return;
        }
        self.turn(pair.candidate_bps);
        self.completions(pair);
        self.count(pair);
        if self.alone() {
            self.alone.at(self.elapsed);
        } else {
            self.beside.at(self.elapsed);
        }
        self.block.add(pair, self.limits.max_p95);
        if self.block.closes(pair.candidate_bps, WHOLE) {
            self.close_block();
        }
    }

    fn verdict(&self) -> Verdict {
        let (action, metric, log_e, attributed, reason) = self.judge();
        Verdict { action, metric, reason, evidence: self.evidence(metric, log_e, attributed) }
    }

    fn merge(&mut self, other: &Self) {
        let mut other = other.clone();
        other.close_block();
        self.close_block();
        self.beside.merge(&other.beside);
        self.alone.merge(&other.alone);
        self.good.merge(&other.good);
        self.total.merge(&other.total);
        self.recent.merge(other.recent);
        self.past = self.past.or(other.past);
        self.route.bps = self.route.bps.or(other.route.bps);
        self.silent = self.silent.min(other.silent);
        self.elapsed = self.elapsed.max(other.elapsed);
    }
}

impl Total {
    fn add(&mut self, pair: &WindowPair) {
        let add = |sum: &mut (u64, u64), n: u64, errors: u64| {
            *sum = (sum.0.saturating_add(n), sum.1.saturating_add(errors.min(n)));
        };
        add(&mut self.candidate, pair.candidate.n, pair.candidate.errors);
        add(&mut self.stable, pair.stable.n, pair.stable.errors);
        self.waiting = self.waiting.saturating_add(pair.candidate.in_flight_over);
    }

    fn merge(&mut self, other: &Self) {
        self.candidate = (self.candidate.0 + other.candidate.0, self.candidate.1 + other.candidate.1);
        self.stable = (self.stable.0 + other.stable.0, self.stable.1 + other.stable.1);
        self.waiting += other.waiting;
    }
}

fn share(part: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { wide(part) / wide(of) }
}

const fn limit_seconds(limit: Duration) -> f64 {
    limit.as_secs_f64()
}
