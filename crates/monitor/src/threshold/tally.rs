//! One share against its limit, and against the same share at stable.

use super::limits::ThresholdLimits;
use crate::interval::{chance, wide};
use crate::pair::ArmWindow;

/// What chance may do in one look: show so many bad requests at exactly the limit, or at what stable has.
const LUCK: f64 = 0.01;
/// From so many requests on, the share of the whole horizon speaks for itself.
const SETTLED: u64 = 500;
/// Fewer stable requests than this are no baseline.
const BASELINE: u64 = 5;
/// The candidate is to blame when its share is surely over this many times stable's; else both suffer alike.
const APART: f64 = 1.5;
/// What a p95 lets be slow.
const TAIL: f64 = 0.05;

/// Counts of one arm over a stretch of windows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// Completed requests.
    pub(super) n: u64,
    /// Of them, failed.
    pub(super) errors: u64,
    /// Requests that crossed the latency limit, completed or not.
    pub(super) slow: u64,
    /// Of them, those without an answer when counted.
    pub(super) waiting: u64,
}

/// Which share is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Failed requests against `max_error_rate`.
    Errors,
    /// p95 is over a limit exactly when more than 5 % of requests are: so the limit is judged by counting, and
    /// requests that never come back count as well.
    Slow,
}

/// What a rule found; the later ones weigh more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Finding {
    /// Too few requests to say anything.
    TooFew,
    /// Within the limit.
    Clear,
    /// Over the limit, and it may be chance, or there is nothing yet to compare with.
    Suspect,
    /// Over the limit, and stable suffers alike.
    Shared,
    /// Over the limit, and the candidate is to blame.
    Breach {
        /// Whether stable was there to compare with.
        attributed: bool,
    },
}

impl Tally {
    /// Adds a window; impossible counts are cut to possible ones.
    pub(super) fn add(&mut self, arm: &ArmWindow) {
        let crossed = arm.over.min(arm.n).saturating_add(arm.in_flight_over);
        self.n = self.n.saturating_add(arm.n);
        self.errors = self.errors.saturating_add(arm.errors.min(arm.n));
        self.slow = self.slow.saturating_add(crossed);
        self.waiting = self.waiting.saturating_add(arm.in_flight_over);
    }

    /// Requests seen, answered or not.
    pub(super) fn seen(&self) -> u64 {
        self.n.saturating_add(self.waiting)
    }
}

impl Rule {
    /// (bad, of how many).
    pub(super) fn count(self, tally: &Tally) -> (u64, u64) {
        match self {
            Self::Errors => (tally.errors, tally.n),
            Self::Slow => (tally.slow.min(tally.seen()), tally.seen()),
        }
    }

    pub(super) fn limit(self, limits: &ThresholdLimits) -> f64 {
        match self {
            Self::Errors => limits.max_error_rate,
            Self::Slow => TAIL,
        }
    }

    /// Judges a stretch. `baseline`: stable over the same stretch, or `None` where the candidate is alone; `whole`:
    /// the stretch is all there is.
    pub(super) fn judge(
        self,
        limits: &ThresholdLimits,
        candidate: &Tally,
        baseline: Option<&Tally>,
        whole: bool,
    ) -> Finding {
        let (bad, of) = self.count(candidate);
        let limit = self.limit(limits);
        if of < limits.min_requests {
            return Finding::TooFew;
        }
        if share(bad, of) <= limit {
            return Finding::Clear;
        }
        let beyond_luck = chance(bad, of, limit, true) <= LUCK || (whole && of >= SETTLED);
        if bad < limits.min_errors || !beyond_luck {
            // A short stretch over its limit by a request or two happens all the time.
            return if whole { Finding::Suspect } else { Finding::Clear };
        }
        self.attribute((bad, of), baseline, whole)
    }

    /// Whether the candidate stands out from stable: by more than [`APART`], and beyond luck. One bad stable request
    /// more than was seen is allowed for, so that a handful of good ones is not taken for perfection.
    fn attribute(self, candidate: (u64, u64), baseline: Option<&Tally>, whole: bool) -> Finding {
        let Some(baseline) = baseline else { return Finding::Breach { attributed: false } };
        let (bad, of) = self.count(baseline);
        if of < BASELINE {
            return if whole { Finding::Breach { attributed: false } } else { Finding::Suspect };
        }
        let alike = (APART * share(bad.saturating_add(1), of.saturating_add(1))).min(1.0);
        let stands_out = chance(candidate.0, candidate.1, alike, true) <= LUCK;
        if stands_out { Finding::Breach { attributed: true } } else { Finding::Shared }
    }

    /// Whether the limit is proven to hold.
    pub(super) fn proven(self, limits: &ThresholdLimits, candidate: &Tally) -> bool {
        let (bad, of) = self.count(candidate);
        of >= limits.promote_requests && chance(bad, of, self.limit(limits), false) <= LUCK
    }
}

pub(super) fn share(bad: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { wide(bad) / wide(of) }
}
