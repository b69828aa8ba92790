use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::limit::{LimitError, check};

/// What a candidate may cost, and how much must be seen before a rule speaks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ThresholdLimits {
    /// Share of requests that may fail, 0 to 1; 5 % by default.
    pub max_error_rate: f64,
    /// The candidate's 95th percentile; 500 ms by default. The windows must have been cut with this limit, since
    /// what crossed it is counted where the requests are.
    pub max_p95: Duration,
    /// The candidate's p95 as a multiple of stable's; 2 by default.
    pub max_p95_ratio: f64,
    /// A candidate's p95 below this is never too slow beside stable's, whatever the ratio; 20 ms by default. Twice
    /// one millisecond is noise of the machine.
    pub p95_ratio_floor: Duration,
    /// The same floor where stable's p95 is its past one, because the candidate has all the traffic; 100 ms by default.
    /// Between two times the machine itself changes: a neighbour's load alone doubles tens of milliseconds.
    pub p95_past_floor: Duration,
    /// Candidate requests before a share is judged at all; 20 by default.
    pub min_requests: u64,
    /// Failed (or slow) candidate requests before it is blamed; 5 by default.
    pub min_errors: u64,
    /// Requests of each arm before their p95s are compared; 100 by default.
    pub min_p95_requests: u64,
    /// Candidate requests before the limits can be proven to hold; 300 by default.
    pub promote_requests: u64,
    /// How far back windows count; 60 s by default.
    pub horizon: Duration,
}

impl Default for ThresholdLimits {
    fn default() -> Self {
        Self {
            max_error_rate: 0.05,
            max_p95: Duration::from_millis(500),
            max_p95_ratio: 2.0,
            p95_ratio_floor: Duration::from_millis(20),
            p95_past_floor: Duration::from_millis(100),
            min_requests: 20,
            min_errors: 5,
            min_p95_requests: 100,
            promote_requests: 300,
            horizon: Duration::from_mins(1),
        }
    }
}

impl ThresholdLimits {
    /// Checks every field.
    ///
    /// # Errors
    ///
    /// The first field that makes no sense, by name.
    pub fn validate(&self) -> Result<(), LimitError> {
        let rate = self.max_error_rate;
        check(rate > 0.0 && rate < 1.0, "max_error_rate", "a share above 0 and below 1", &rate)?;
        check(!self.max_p95.is_zero(), "max_p95", "a time above zero", &format_args!("{:?}", self.max_p95))?;
        let ratio = self.max_p95_ratio;
        check(ratio > 1.0 && ratio.is_finite(), "max_p95_ratio", "a number above 1", &ratio)?;
        check(self.min_requests > 0, "min_requests", "at least 1", &self.min_requests)?;
        check(self.min_errors > 0, "min_errors", "at least 1", &self.min_errors)?;
        check(self.min_p95_requests > 0, "min_p95_requests", "at least 1", &self.min_p95_requests)?;
        check(!self.horizon.is_zero(), "horizon", "a time above zero", &format_args!("{:?}", self.horizon))
    }

    /// With this share of failures allowed.
    #[must_use]
    pub fn with_max_error_rate(mut self, share: f64) -> Self {
        self.max_error_rate = share;
        self
    }

    /// With this p95 allowed.
    #[must_use]
    pub fn with_max_p95(mut self, p95: Duration) -> Self {
        self.max_p95 = p95;
        self
    }

    /// With this multiple of stable's p95 allowed.
    #[must_use]
    pub fn with_max_p95_ratio(mut self, ratio: f64) -> Self {
        self.max_p95_ratio = ratio;
        self
    }

    /// With windows counting this far back.
    #[must_use]
    pub fn with_horizon(mut self, horizon: Duration) -> Self {
        self.horizon = horizon;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_make_sense() {
        assert_eq!(ThresholdLimits::default().validate(), Ok(()));
    }

    #[test]
    fn a_limit_that_makes_no_sense_is_named() {
        let refused = |limits: ThresholdLimits| limits.validate().expect_err("makes no sense").to_string();
        let limits = ThresholdLimits::default;
        insta::assert_snapshot!(refused(limits().with_max_error_rate(5.0)), @"max_error_rate must be a share above 0 and below 1, not 5");
        insta::assert_snapshot!(refused(limits().with_max_error_rate(f64::NAN)), @"max_error_rate must be a share above 0 and below 1, not NaN");
        insta::assert_snapshot!(refused(limits().with_max_p95(Duration::ZERO)), @"max_p95 must be a time above zero, not 0ns");
        insta::assert_snapshot!(refused(limits().with_max_p95_ratio(0.5)), @"max_p95_ratio must be a number above 1, not 0.5");
        insta::assert_snapshot!(refused(limits().with_horizon(Duration::ZERO)), @"horizon must be a time above zero, not 0ns");
        insta::assert_snapshot!(refused(ThresholdLimits { min_errors: 0, ..limits() }), @"min_errors must be at least 1, not 0");
    }

    #[test]
    fn absent_fields_keep_their_defaults() {
        let limits: ThresholdLimits =
            serde_json::from_str(r#"{"max_error_rate":0.1}"#).expect("a partial object");
        assert_eq!(limits, ThresholdLimits::default().with_max_error_rate(0.1));
    }
}
