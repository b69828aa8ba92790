//! The limits a plan judges by; the judging itself is monitor's.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a stage does when there is nothing to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnNoData {
    /// Wait for traffic; a person is asked when the stage's `max_time` has passed.
    #[default]
    Wait,
    /// Go on once `min_time` has passed.
    Promote,
    /// Take the candidate back once `max_time` has passed.
    Rollback,
}

/// How windows are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnalysisKind {
    /// By evidence, right at any moment; `handover_monitor::SequentialAnalysis`.
    #[default]
    Sequential,
    /// By plain limits with minimum counts; `handover_monitor::ThresholdAnalysis`.
    Threshold,
}

/// The strategy's rules with the counts they need before they may speak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeSpec {
    /// How windows are judged.
    pub analysis: AnalysisKind,
    /// Share of failed requests, 0..1; above it the candidate is taken back.
    pub max_error_rate: f64,
    /// Above it (and above what stable shows) the candidate is taken back.
    pub max_p95: Duration,
    /// The candidate's p95 as a multiple of stable's.
    pub max_p95_ratio: f64,
    /// Candidate requests needed before it is called healthy; by plain limits, before a rule may speak at all.
    pub min_requests: u64,
    /// Failed candidate requests needed before it is blamed for failing.
    pub min_errors: u64,
    /// How many failures come together where one client's retries fail: so many count as one. The sequential analysis
    /// only.
    pub error_cluster: f64,
    /// Whether requests arrive by the configured share: not where clients stick to a release.
    pub exact_share: bool,
    /// Without data.
    pub on_no_data: OnNoData,
}
