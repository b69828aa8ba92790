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

/// The strategy's rules with the counts they need before they may speak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeSpec {
    /// Share of failed requests, 0..1; above it the candidate is taken back.
    pub max_error_rate: f64,
    /// Above it (and above what stable shows) the candidate is taken back.
    pub max_p95: Duration,
    /// The candidate's p95 as a multiple of stable's.
    pub max_p95_ratio: f64,
    /// Candidate requests needed before a rule may speak.
    pub min_requests: u64,
    /// Failed candidate requests needed before the error rule may speak.
    pub min_errors: u64,
    /// Without data.
    pub on_no_data: OnNoData,
}
