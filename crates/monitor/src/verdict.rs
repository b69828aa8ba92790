//! What an analysis says, and why: numbers in, a decision out, nothing else.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::WindowPair;

/// What to do with the candidate now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing speaks against going on; the step's own times and counts decide when.
    Continue,
    /// Not enough is known, or both arms fail together: neither forward nor back.
    Wait,
    /// The limits are proven to hold; the step may end early.
    Promote,
    /// The candidate is to blame: take it back.
    #[serde(rename = "rollback")]
    RollBack,
}

/// Which measurement decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Share of requests that failed.
    ErrorRate,
    /// 95th percentile of the time to answer.
    P95,
    /// The candidate's p95 as a multiple of stable's.
    P95Ratio,
    /// How many of its share of the requests the candidate completes.
    Completions,
    /// Whether there was anything to judge.
    Traffic,
}

/// The counts a verdict rests on, so that a reader can check it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Candidate requests judged.
    pub candidate_n: u64,
    /// Of them, failed.
    pub candidate_errors: u64,
    /// Stable requests beside them; 0 where there is no contemporary baseline.
    pub stable_n: u64,
    /// Of them, failed.
    pub stable_errors: u64,
    /// The candidate's p95 in seconds, where there were enough requests.
    pub candidate_p95: Option<f64>,
    /// Stable's p95 in seconds, where there were enough requests.
    pub stable_p95: Option<f64>,
    /// The limit that was crossed or kept, in the metric's own unit (share, seconds, ratio).
    pub limit: Option<f64>,
    /// False at 100 %: the verdict has no stable traffic to compare with.
    pub attributed: bool,
    /// What a sequential analysis has beyond counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub odds: Option<Odds>,
}

/// How surely the candidate is to blame, at any moment and however often one looked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Odds {
    /// The natural logarithm of the evidence E: were the candidate no worse, a value as high would ever be seen in
    /// fewer than one of E releases.
    pub log_e: f64,
    /// Where blame begins: `ln(1/alpha)`.
    pub needed: f64,
    /// How many times stable's odds of failing the candidate's are, at 95 %; an end is absent where it is open.
    pub ratio: (Option<f64>, Option<f64>),
}

/// An action with its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What to do.
    pub action: Action,
    /// Which measurement decided.
    pub metric: Metric,
    /// One sentence for a person, numbers included.
    pub reason: String,
    /// What it rests on.
    pub evidence: Evidence,
}

/// Reads windows and decides.
///
/// Pure: no clock, no I/O. The same windows in the same order give the same verdict, so a resumed driver rebuilds
/// an analysis from the ring and nothing is spent twice.
pub trait Analysis: fmt::Debug + Send {
    /// Takes one closed window. Windows already taken (by `seq`) are ignored.
    fn observe(&mut self, pair: &WindowPair);
    /// The decision on everything observed so far.
    fn verdict(&self) -> Verdict;
    /// Adds what another analysis, with the same limits, observed of the same two releases: of other windows, never of
    /// the same ones.
    fn merge(&mut self, other: &Self)
    where
        Self: Sized;
}

const _: fn(&dyn Analysis) = |_| {};
