//! What to do when what is true: the decisions of a team, as data.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::limit::{LimitError, check};
use crate::verdict::Action;

/// Rules in the order in which they are asked; the first that holds decides.
///
/// The default is the deployment strategy's own table. An analysis asks it what a proven finding means; what no window
/// can show (lost data, a broken feature, a blemish) is reported by people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DecisionMatrix {
    rules: Vec<Rule>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rule {
    /// When it holds.
    pub when: Condition,
    /// What to do then.
    pub then: Action,
    /// Whether data must be restored as well.
    #[serde(default)]
    pub restore: bool,
    /// Within which time, in seconds; not said where the next deployment is meant.
    #[serde(default)]
    pub within_s: Option<u64>,
    /// What else a person should know.
    #[serde(default)]
    pub note: String,
}

/// What a rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Condition {
    /// More than this share of the candidate's requests fail.
    ErrorRateAbove(f64),
    /// The candidate provably fails more often than stable, whatever the share.
    FailsMoreThanStable,
    /// The candidate's p95 is more than this many times stable's.
    P95RatioAbove(f64),
    /// Data was damaged or lost.
    Corruption,
    /// A feature that people depend on does not work.
    CriticalFeature,
    /// A blemish.
    Minor,
}

/// What is known when a decision is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Facts<'a> {
    /// Share of the candidate's requests that fail.
    pub error_rate: Option<f64>,
    /// Whether they provably fail more often than stable's.
    pub fails_more: bool,
    /// The candidate's p95 as a multiple of stable's.
    pub p95_ratio: Option<f64>,
    /// What people report: [`Condition::Corruption`], [`Condition::CriticalFeature`] or [`Condition::Minor`].
    pub reports: &'a [Condition],
}

const TWO_MINUTES: Option<u64> = Some(120);

impl Default for DecisionMatrix {
    fn default() -> Self {
        let rule = |when, then, within_s, note: &str| Rule {
            when,
            then,
            restore: false,
            within_s,
            note: note.into(),
        };
        let emergency = Rule {
            restore: true,
            ..rule(
                Condition::Corruption,
                Action::RollBack,
                Some(300),
                "emergency: roll back, then restore the data",
            )
        };
        let forward = "watch for 24 hours, fix forward";
        Self {
            rules: vec![
                emergency,
                rule(Condition::ErrorRateAbove(0.05), Action::RollBack, TWO_MINUTES, ""),
                rule(Condition::FailsMoreThanStable, Action::RollBack, TWO_MINUTES, ""),
                rule(Condition::P95RatioAbove(2.0), Action::RollBack, TWO_MINUTES, ""),
                rule(Condition::CriticalFeature, Action::RollBack, TWO_MINUTES, ""),
                rule(
                    Condition::P95RatioAbove(1.2),
                    Action::Wait,
                    None,
                    "neither forward nor back until it is understood",
                ),
                rule(Condition::P95RatioAbove(1.0), Action::Continue, Some(86_400), forward),
                rule(Condition::Minor, Action::Continue, None, "fix forward, with the next deployment"),
            ],
        }
    }
}

impl DecisionMatrix {
    /// A matrix of these rules.
    ///
    /// # Errors
    ///
    /// The first threshold that makes no sense.
    pub fn new(rules: Vec<Rule>) -> Result<Self, LimitError> {
        let matrix = Self { rules };
        matrix.validate()?;
        Ok(matrix)
    }

    /// Checks every threshold; a matrix that was read from a file may hold anything.
    ///
    /// # Errors
    ///
    /// The first threshold that makes no sense.
    pub fn validate(&self) -> Result<(), LimitError> {
        self.rules.iter().try_for_each(|rule| match rule.when {
            Condition::ErrorRateAbove(share) => check(
                (0.0..1.0).contains(&share),
                "error_rate_above",
                "a share of at least 0, below 1",
                &share,
            ),
            Condition::P95RatioAbove(ratio) => {
                check(ratio > 0.0 && ratio.is_finite(), "p95_ratio_above", "a number above 0", &ratio)
            }
            _ => Ok(()),
        })
    }

    /// With the strategy's two limits replaced; the other rules stay.
    #[must_use]
    pub fn with_limits(mut self, max_error_rate: f64, max_p95_ratio: f64) -> Self {
        for rule in &mut self.rules {
            match (&mut rule.when, rule.then) {
                (Condition::ErrorRateAbove(share), Action::RollBack) => *share = max_error_rate,
                (Condition::P95RatioAbove(ratio), Action::RollBack) => *ratio = max_p95_ratio,
                _ => {}
            }
        }
        self
    }

    /// The rules, in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The first rule that holds; `None` where nothing is the matter.
    pub fn decide(&self, facts: &Facts<'_>) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.when.holds(facts))
    }
}

impl Condition {
    fn holds(self, facts: &Facts<'_>) -> bool {
        match self {
            Self::ErrorRateAbove(limit) => facts.error_rate.is_some_and(|share| share > limit),
            Self::FailsMoreThanStable => facts.fails_more,
            Self::P95RatioAbove(limit) => facts.p95_ratio.is_some_and(|ratio| ratio > limit),
            Self::Corruption | Self::CriticalFeature | Self::Minor => facts.reports.contains(&self),
        }
    }
}

impl Rule {
    /// Within which time it is to be done.
    pub fn within(&self) -> Option<Duration> {
        self.within_s.map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(facts: &Facts<'_>) -> String {
        let matrix = DecisionMatrix::default();
        matrix
            .decide(facts)
            .map_or_else(|| "nothing".into(), |rule| serde_json::to_string(rule).expect("plain data"))
    }

    fn ratio(ratio: f64) -> Facts<'static> {
        Facts { p95_ratio: Some(ratio), ..Facts::default() }
    }

    #[test]
    fn the_default_is_the_strategys_table() {
        let errors = |share| Facts { error_rate: Some(share), ..Facts::default() };
        let reported = |reports| Facts { reports, ..Facts::default() };
        insta::assert_snapshot!(decided(&errors(0.051)), @r#"{"when":{"error_rate_above":0.05},"then":"rollback","restore":false,"within_s":120,"note":""}"#);
        insta::assert_snapshot!(decided(&errors(0.05)), @"nothing");
        insta::assert_snapshot!(decided(&Facts { fails_more: true, ..errors(0.01) }), @r#"{"when":"fails_more_than_stable","then":"rollback","restore":false,"within_s":120,"note":""}"#);
        insta::assert_snapshot!(decided(&ratio(2.1)), @r#"{"when":{"p95_ratio_above":2.0},"then":"rollback","restore":false,"within_s":120,"note":""}"#);
        insta::assert_snapshot!(decided(&ratio(1.7)), @r#"{"when":{"p95_ratio_above":1.2},"then":"wait","restore":false,"within_s":null,"note":"neither forward nor back until it is understood"}"#);
        insta::assert_snapshot!(decided(&ratio(1.1)), @r#"{"when":{"p95_ratio_above":1.0},"then":"continue","restore":false,"within_s":86400,"note":"watch for 24 hours, fix forward"}"#);
        insta::assert_snapshot!(decided(&ratio(0.9)), @"nothing");
        insta::assert_snapshot!(decided(&reported(&[Condition::Corruption])), @r#"{"when":"corruption","then":"rollback","restore":true,"within_s":300,"note":"emergency: roll back, then restore the data"}"#);
        insta::assert_snapshot!(decided(&reported(&[Condition::Minor, Condition::CriticalFeature])), @r#"{"when":"critical_feature","then":"rollback","restore":false,"within_s":120,"note":""}"#);
        insta::assert_snapshot!(decided(&reported(&[Condition::Minor])), @r#"{"when":"minor","then":"continue","restore":false,"within_s":null,"note":"fix forward, with the next deployment"}"#);
    }

    #[test]
    fn the_worst_decides() {
        let facts = Facts { reports: &[Condition::Corruption], error_rate: Some(0.5), ..ratio(3.0) };
        assert!(DecisionMatrix::default().decide(&facts).expect("a rule").restore);
    }

    #[test]
    fn it_reads_back_and_nonsense_in_it_is_refused() {
        let matrix = DecisionMatrix::default();
        let text = serde_json::to_string(&matrix).expect("plain data");
        assert_eq!(serde_json::from_str::<DecisionMatrix>(&text).expect("own output"), matrix);
        assert_eq!(matrix.validate(), Ok(()));
        let nonsense = matrix.clone().with_limits(5.0, 2.0).validate().expect_err("a share above one");
        insta::assert_snapshot!(nonsense, @"error_rate_above must be a share of at least 0, below 1, not 5");
        let nonsense = matrix.with_limits(0.05, f64::NAN).validate().expect_err("no number");
        insta::assert_snapshot!(nonsense, @"p95_ratio_above must be a number above 0, not NaN");
        let unknown = r#"[{"when":"sunspots","then":"wait"}]"#;
        insta::assert_snapshot!(serde_json::from_str::<DecisionMatrix>(unknown).expect_err("no such condition"), @"unknown variant `sunspots`, expected one of `error_rate_above`, `fails_more_than_stable`, `p95_ratio_above`, `corruption`, `critical_feature`, `minor` at line 1 column 19");
    }

    #[test]
    fn other_limits_take_the_place_of_the_strategys() {
        let matrix = DecisionMatrix::default().with_limits(0.2, 3.0);
        assert_eq!(matrix.decide(&ratio(2.5)).map(|rule| rule.then), Some(Action::Wait));
        assert_eq!(matrix.decide(&ratio(3.5)).map(|rule| rule.then), Some(Action::RollBack));
    }
}
