//! Plain limits, judged without falling for chance.
//!
//! A share over its limit is blamed on the candidate when
//!
//! 1. at least `min_requests` requests were seen and `min_errors` of them were bad,
//! 2. it is not luck: were the true share exactly at the limit, fewer than 1 look in 100 would show so many; or the
//!    share over the whole horizon stays over the limit with 500 requests or more,
//! 3. stable does not suffer alike: the candidate's share is over 1.5 times stable's in the same windows, and that is
//!    not luck either. Otherwise it is a shared incident, and neither going on nor going back helps.
//!
//! The horizon is the last 60 s at the present split, read in stretches of 0.25 s, 0.5 s, 1 s, … up to the whole: a
//! late failure is not diluted by a good hour before it, and an early blip does not condemn for ever.
//!
//! **False alarms.** Of a service whose true share is a fifth of the limit, 6 of 20 bad ones (the fewest that rule 2
//! takes) come up once in 30 million looks; at half the limit once in 100,000, and rule 3 asks more. A service that
//! lives close to its limit will be taken back for nothing now and then under any plain limit: raise the limit.
//! **Delay.** A candidate that fully fails at 200 requests/s needs 100 ms of windows, one that fails a fifth of
//! 30 requests/s some 1.5 s.

mod horizon;
mod limits;
mod tally;
mod words;

use std::time::Duration;

use std::sync::Arc;

use self::horizon::{Horizon, Stretch};
pub use self::limits::ThresholdLimits;
use self::tally::{Finding, Rule};
use crate::histogram::{Bounds, Histogram};
use crate::pair::WindowPair;
use crate::verdict::{Action, Analysis, Evidence, Metric, Verdict};

/// All traffic to the candidate, in basis points.
const WHOLE: u16 = 10_000;

/// Judges by fixed limits: errors, p95, and p95 beside stable's.
///
/// `RollBack` needs a limit passed beyond chance and stable not suffering alike; `Wait` is no data, a shared incident,
/// or a limit passed that may still be chance; `Promote` means that every limit is proven to hold on at least
/// `promote_requests`; `Continue` is the rest. At 100 % the limits alone decide, latency is compared with stable's
/// last windows from before, and the evidence says `attributed: false`.
#[derive(Debug)]
pub struct ThresholdAnalysis {
    limits: ThresholdLimits,
    /// The last windows at the present split.
    recent: Horizon,
    /// The last windows in which stable had traffic: the baseline that is left at 100 %.
    compared: Horizon,
}

/// Everything one verdict looks at.
struct View<'a> {
    limits: &'a ThresholdLimits,
    recent: &'a Horizon,
    /// Whether all traffic is the candidate's.
    alone: bool,
    stretches: Vec<Stretch>,
    whole: Stretch,
    /// Stable's counts from before, where the candidate is alone.
    before: Stretch,
    p95: P95s,
}

/// Both p95s over the whole horizon, where there were enough requests.
struct P95s {
    candidate: Option<Bounds>,
    stable: Option<Bounds>,
}

impl ThresholdAnalysis {
    /// An analysis that has seen nothing. The limits are taken as they are; `validate` them first.
    pub fn new(limits: ThresholdLimits) -> Self {
        let recent = Horizon::new(limits.horizon, true);
        let compared = Horizon::new(limits.horizon, false);
        Self { limits, recent, compared }
    }

    /// The limits it judges by.
    pub fn limits(&self) -> &ThresholdLimits {
        &self.limits
    }

    fn view(&self) -> View<'_> {
        let alone = self.recent.candidate_bps() == Some(WHOLE);
        let stretches = self.recent.stretches();
        let whole = stretches.last().copied().unwrap_or_default();
        let before = self.compared.stretches().last().copied().unwrap_or_default();
        let (candidate, beside) = self.recent.latencies(whole.windows);
        let stable = if alone { self.compared.latencies(before.windows).1 } else { beside };
        let p95 =
            |hist: &Histogram| hist.quantile(0.95).filter(|_| hist.count() >= self.limits.min_p95_requests);
        let p95 = P95s { candidate: p95(&candidate), stable: p95(&stable) };
        View { limits: &self.limits, recent: &self.recent, alone, stretches, whole, before, p95 }
    }
}

impl Analysis for ThresholdAnalysis {
    fn observe(&mut self, pair: &WindowPair) {
        let pair = Arc::new(pair.clone());
        if pair.candidate_bps < WHOLE && pair.stable.n > 0 {
            self.compared.take(&pair);
        }
        self.recent.take(&pair);
    }

    fn verdict(&self) -> Verdict {
        self.view().verdict()
    }

    /// Windows are put together with those that are as old, counted back from the newest.
    fn merge(&mut self, other: &Self) {
        self.recent.merge(&other.recent);
        self.compared.merge(&other.compared);
    }
}

impl View<'_> {
    fn verdict(&self) -> Verdict {
        let errors = self.worst(Rule::Errors);
        let slow = self.worst(Rule::Slow);
        let worst = if slow.0 > errors.0 { (Rule::Slow, slow) } else { (Rule::Errors, errors) };
        let (rule, (finding, stretch)) = worst;
        match finding {
            Finding::Breach { attributed } => self.breach(rule, &stretch, attributed),
            _ if self.too_slow_beside_stable() => self.ratio_breach(),
            Finding::Shared => {
                self.say(Action::Wait, rule.metric(), words::shared(rule, &stretch, self.limits))
            }
            Finding::Suspect => {
                self.say(Action::Wait, rule.metric(), words::suspect(rule, &stretch, self.limits))
            }
            Finding::TooFew => {
                self.say(Action::Wait, Metric::Traffic, words::too_few(&self.whole, self.limits))
            }
            Finding::Clear if self.proven() => {
                self.say(Action::Promote, Metric::ErrorRate, self.held("proven"))
            }
            Finding::Clear => self.say(Action::Continue, Metric::ErrorRate, self.held("so far")),
        }
    }

    /// What weighs most over all stretches, and where; of equals, the longest.
    fn worst(&self, rule: Rule) -> (Finding, Stretch) {
        let judged = self.stretches.iter().map(|stretch| {
            let baseline = match rule {
                _ if !self.alone => Some(&stretch.stable),
                Rule::Slow if self.before.stable.n > 0 => Some(&self.before.stable),
                _ => None,
            };
            let finding = rule.judge(self.limits, &stretch.candidate, baseline, stretch.whole);
            let finding = match finding {
                // Stable's past is a baseline, not a contemporary one.
                Finding::Breach { .. } if self.alone => Finding::Breach { attributed: false },
                other => other,
            };
            (finding, *stretch)
        });
        judged.max_by_key(|judged| judged.0).unwrap_or((Finding::TooFew, self.whole))
    }

    fn breach(&self, rule: Rule, stretch: &Stretch, attributed: bool) -> Verdict {
        let (candidate, stable) = self.recent.latencies(stretch.windows);
        let p95 = |hist: &Histogram| hist.quantile(0.95);
        let before = self.alone.then_some(self.p95.stable).flatten();
        let p95 = P95s { candidate: p95(&candidate), stable: before.or_else(|| p95(&stable)) };
        let reason = words::breach(rule, stretch, p95.candidate, self.limits, self.alone);
        let limit = match rule {
            Rule::Errors => self.limits.max_error_rate,
            Rule::Slow => self.limits.max_p95.as_secs_f64(),
        };
        let evidence = self.evidence(stretch, &p95, Some(limit), attributed);
        Verdict { action: Action::RollBack, metric: rule.metric(), reason, evidence }
    }

    fn ratio(&self) -> Option<(Bounds, Bounds, f64)> {
        let (candidate, stable) = (self.p95.candidate?, self.p95.stable?);
        Some((candidate, stable, candidate.value.as_secs_f64() / stable.value.as_secs_f64()))
    }

    /// Over the ratio by what was seen, and slower beyond what sampling can explain.
    fn too_slow_beside_stable(&self) -> bool {
        self.ratio().is_some_and(|(candidate, stable, ratio)| {
            ratio > self.limits.max_p95_ratio
                && candidate.value >= self.floor()
                && candidate.ci.0 > stable.ci.1
        })
    }

    fn ratio_breach(&self) -> Verdict {
        let reason = self.ratio().map_or_else(String::new, |(candidate, stable, ratio)| {
            words::ratio(candidate, stable, ratio, self.limits, self.alone)
        });
        let evidence = self.evidence(&self.whole, &self.p95, Some(self.limits.max_p95_ratio), !self.alone);
        Verdict { action: Action::RollBack, metric: Metric::P95Ratio, reason, evidence }
    }

    fn proven(&self) -> bool {
        let compared = match self.ratio() {
            Some((.., ratio)) => ratio <= self.limits.max_p95_ratio || self.below_floor(),
            None => self.alone && self.p95.stable.is_none(),
        };
        let proven = |rule: Rule| rule.proven(self.limits, &self.whole.candidate);
        compared && proven(Rule::Errors) && proven(Rule::Slow)
    }

    fn below_floor(&self) -> bool {
        self.p95.candidate.is_some_and(|p95| p95.value < self.floor())
    }

    /// Below this the candidate is not too slow, whatever stable shows, or showed.
    fn floor(&self) -> Duration {
        if self.alone { self.limits.p95_past_floor } else { self.limits.p95_ratio_floor }
    }

    fn held(&self, how: &str) -> String {
        words::held(how, &self.whole, self.p95.candidate, self.p95.stable, self.alone)
    }

    fn say(&self, action: Action, metric: Metric, reason: String) -> Verdict {
        let limit = match metric {
            Metric::ErrorRate => Some(self.limits.max_error_rate),
            Metric::P95 => Some(self.limits.max_p95.as_secs_f64()),
            Metric::P95Ratio => Some(self.limits.max_p95_ratio),
            Metric::Completions | Metric::Traffic => None,
        };
        let attributed = !self.alone && self.whole.stable.n > 0;
        Verdict { action, metric, reason, evidence: self.evidence(&self.whole, &self.p95, limit, attributed) }
    }

    fn evidence(&self, stretch: &Stretch, p95: &P95s, limit: Option<f64>, attributed: bool) -> Evidence {
        let stable = if self.alone { tally::Tally::default() } else { stretch.stable };
        let seconds = |bounds: Option<Bounds>| bounds.map(|bounds| bounds.value.as_secs_f64());
        Evidence {
            candidate_n: stretch.candidate.n,
            candidate_errors: stretch.candidate.errors,
            stable_n: stable.n,
            stable_errors: stable.errors,
            candidate_p95: seconds(p95.candidate),
            stable_p95: seconds(p95.stable),
            limit,
            attributed,
            odds: None,
        }
    }
}

impl Rule {
    const fn metric(self) -> Metric {
        match self {
            Self::Errors => Metric::ErrorRate,
            Self::Slow => Metric::P95,
        }
    }
}
