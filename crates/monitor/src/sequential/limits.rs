use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::limit::{LimitError, check};

/// What a candidate may cost, and how surely a healthy one is left alone.
///
/// The defaults are the strategy's limits with 1 % of healthy releases blamed at most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SequentialLimits {
    /// The chance that a harmless candidate is ever blamed, however long and often it is looked at; 1 % by default.
    pub alpha: f64,
    /// How many times worse than stable a candidate may be (the odds of a failure, or the time of its slowest
    /// requests) before that counts at all; 1.2 by default.
    pub min_effect: f64,
    /// Share of requests that may fail where there is no stable to compare with; 5 % by default.
    pub max_error_rate: f64,
    /// Share of failures that must be proven not to be reached before the candidate is called good; 1 % by default.
    pub promote_error_rate: f64,
    /// The candidate's 95th percentile; 500 ms by default. The windows must have been cut with this limit, since what
    /// crossed it is counted where the requests are.
    pub max_p95: Duration,
    /// The candidate's p95 as a multiple of stable's; 2 by default, and an estimate within 5 % of it counts as at it.
    /// Between `min_effect` and this it waits.
    pub max_p95_ratio: f64,
    /// A candidate's p95 below this is never too slow beside stable's, whatever the ratio; 20 ms by default. Twice
    /// one millisecond is noise of the machine.
    pub p95_ratio_floor: Duration,
    /// The same floor where stable's p95 is its past one, because the candidate has all the traffic; 100 ms by default.
    pub p95_past_floor: Duration,
    /// Candidate requests before it is called healthy so far; 20 by default. Blame needs no minimum of requests.
    pub min_requests: u64,
    /// Failures of the candidate before it is blamed for failing; 3 by default.
    pub min_errors: u64,
    /// Failures that come together (one client's retries) count as one: the size of such a cluster; 1 by default. Twice
    /// the mean size keeps `alpha` in practice; with sticky sessions never leave it at 1.
    pub error_cluster: f64,
    /// Whether requests really arrive by the configured share, so that a candidate that completes far fewer is
    /// hanging; true by default. Not so where clients stick to a release or connections are split.
    pub exact_share: bool,
}

impl Default for SequentialLimits {
    fn default() -> Self {
        Self {
            alpha: 0.01,
            min_effect: 1.2,
            max_error_rate: 0.05,
            promote_error_rate: 0.01,
            max_p95: Duration::from_millis(500),
            max_p95_ratio: 2.0,
            p95_ratio_floor: Duration::from_millis(20),
            p95_past_floor: Duration::from_millis(100),
            min_requests: 20,
            min_errors: 3,
            error_cluster: 1.0,
            exact_share: true,
        }
    }
}

impl SequentialLimits {
    /// Checks every field.
    ///
    /// # Errors
    ///
    /// The first field that makes no sense, by name.
    pub fn validate(&self) -> Result<(), LimitError> {
        let share =
            |share: f64, name| check(share > 0.0 && share < 1.0, name, "a share above 0 and below 1", &share);
        let above_one =
            |number: f64, name| check(number > 1.0 && number.is_finite(), name, "a number above 1", &number);
        check(self.alpha > 0.0 && self.alpha <= 0.5, "alpha", "a share above 0, at most 0.5", &self.alpha)?;
        above_one(self.min_effect, "min_effect")?;
        share(self.max_error_rate, "max_error_rate")?;
        share(self.promote_error_rate, "promote_error_rate")?;
        check(!self.max_p95.is_zero(), "max_p95", "a time above zero", &format_args!("{:?}", self.max_p95))?;
        above_one(self.max_p95_ratio, "max_p95_ratio")?;
        check(self.min_requests > 0, "min_requests", "at least 1", &self.min_requests)?;
        check(self.min_errors > 0, "min_errors", "at least 1", &self.min_errors)?;
        let cluster = self.error_cluster;
        check(cluster >= 1.0 && cluster.is_finite(), "error_cluster", "a number of at least 1", &cluster)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_make_sense() {
        assert_eq!(SequentialLimits::default().validate(), Ok(()));
    }

    #[test]
    fn a_limit_that_makes_no_sense_is_named() {
        let refused = |change: fn(&mut SequentialLimits)| {
            let mut limits = SequentialLimits::default();
            change(&mut limits);
            limits.validate().expect_err("makes no sense").to_string()
        };
        insta::assert_snapshot!(refused(|limits| limits.alpha = 0.0), @"alpha must be a share above 0, at most 0.5, not 0");
        insta::assert_snapshot!(refused(|limits| limits.min_effect = f64::NAN), @"min_effect must be a number above 1, not NaN");
        insta::assert_snapshot!(refused(|limits| limits.max_error_rate = 5.0), @"max_error_rate must be a share above 0 and below 1, not 5");
        insta::assert_snapshot!(refused(|limits| limits.promote_error_rate = -0.1), @"promote_error_rate must be a share above 0 and below 1, not -0.1");
        insta::assert_snapshot!(refused(|limits| limits.max_p95 = Duration::ZERO), @"max_p95 must be a time above zero, not 0ns");
        insta::assert_snapshot!(refused(|limits| limits.max_p95_ratio = 1.0), @"max_p95_ratio must be a number above 1, not 1");
        insta::assert_snapshot!(refused(|limits| limits.min_requests = 0), @"min_requests must be at least 1, not 0");
        insta::assert_snapshot!(refused(|limits| limits.min_errors = 0), @"min_errors must be at least 1, not 0");
        insta::assert_snapshot!(refused(|limits| limits.error_cluster = 0.5), @"error_cluster must be a number of at least 1, not 0.5");
    }

    #[test]
    fn a_limit_by_an_unknown_name_is_refused() {
        let error = serde_json::from_str::<SequentialLimits>(r#"{"aplha":0.1}"#).expect_err("no such limit");
        insta::assert_snapshot!(error, @"unknown field `aplha`, expected one of `alpha`, `min_effect`, `max_error_rate`, `promote_error_rate`, `max_p95`, `max_p95_ratio`, `p95_ratio_floor`, `p95_past_floor`, `min_requests`, `min_errors`, `error_cluster`, `exact_share` at line 1 column 8");
    }
}
