use std::borrow::Cow;
use std::time::Duration;

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Pause, Period, Rate, Ratio, Weight};

/// In which steps a new release takes over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Strategy {
    /// "canary": by growing shares. "blue-green": at once.
    pub(crate) kind: Kind,
    /// The shares of a canary, ascending; 100 % follows by itself. By default 10 % and 50 %, five minutes each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) steps: Option<Vec<Step>>,
    /// How long the new release is watched at 100 % before the deployment counts as done.
    pub(crate) bake: Pause,
    /// How long the old release stays warm after that, to go back to at once.
    pub(crate) retain: Pause,
    /// How long the old release may finish the requests it began.
    pub(crate) drain: Pause,
}

impl Strategy {
    /// The shares before 100 %: none for blue-green.
    pub(crate) fn stages(&self) -> Cow<'_, [Step]> {
        match (self.kind, &self.steps) {
            (Kind::BlueGreen, _) => Cow::Borrowed(&[]),
            (Kind::Canary, Some(steps)) => Cow::Borrowed(steps),
            (Kind::Canary, None) => Cow::Owned(default_steps()),
        }
    }
}

impl Default for Strategy {
    fn default() -> Self {
        Self {
            kind: Kind::Canary,
            steps: None,
            bake: Pause::new(Duration::from_mins(15)),
            retain: Pause::new(Duration::from_hours(24)),
            drain: Pause::new(Duration::from_secs(30)),
        }
    }
}

/// How a new release takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// By growing shares, each watched.
    #[default]
    Canary,
    /// At once, then watched.
    BlueGreen,
}

/// A share of the traffic that the new release holds for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// The new release's share, such as "10%".
    pub(crate) weight: Weight,
    /// At least this long.
    #[serde(default = "min_time")]
    pub(crate) min_time: Pause,
    /// At least this many requests answered by the new release.
    #[serde(default = "min_requests")]
    pub(crate) min_requests: u64,
    /// After this long without proof a person is asked.
    #[serde(default = "max_time")]
    pub(crate) max_time: Period,
}

/// When a new release is taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Judge {
    /// How windows are judged: "sequential" by evidence, right at any moment; "threshold" by plain limits.
    pub(crate) analysis: Analysis,
    /// Above this share of failed requests.
    pub(crate) max_error_rate: Rate,
    /// Above this 95th percentile of the time to answer, where the old release is not as slow.
    pub(crate) max_p95: Period,
    /// Above this multiple of the old release's 95th percentile.
    #[schemars(range(min = 1.0, max = 100.0))]
    pub(crate) max_p95_ratio: Ratio,
    /// The new release's requests needed before it is called healthy; with "threshold", before any rule may speak.
    pub(crate) min_requests: u64,
    /// Its failed requests needed before it is blamed for failing.
    pub(crate) min_errors: u64,
    /// How many failures come together where one client's retries fail: so many count as one. 1 unless given, 2 where
    /// clients stick to a release.
    #[schemars(range(min = 1.0, max = 100.0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_cluster: Option<Ratio>,
    /// What a step does when there is nothing to judge: "wait", "promote" or "rollback".
    pub(crate) on_no_data: OnNoData,
}

impl Default for Judge {
    fn default() -> Self {
        Self {
            analysis: Analysis::Sequential,
            max_error_rate: Rate::from_bps(500),
            max_p95: Period::new(Duration::from_millis(500)),
            max_p95_ratio: Ratio::TWO,
            min_requests: 50,
            min_errors: 5,
            error_cluster: None,
            on_no_data: OnNoData::Wait,
        }
    }
}

/// How windows are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Analysis {
    /// By evidence, right at any moment.
    #[default]
    Sequential,
    /// By plain limits with minimum counts.
    Threshold,
}

/// What a step does when there is nothing to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OnNoData {
    /// Wait for traffic; a person is asked when the step's `max_time` has passed.
    #[default]
    Wait,
    /// Go on once `min_time` has passed.
    Promote,
    /// Take the new release back once `max_time` has passed.
    Rollback,
}

fn default_steps() -> Vec<Step> {
    let step = |bps| Step {
        weight: Weight::from_bps(bps),
        min_time: Pause::new(Duration::from_mins(5)),
        min_requests: min_requests(),
        max_time: max_time(),
    };
    vec![step(1_000), step(5_000)]
}

fn min_time() -> Pause {
    Pause::new(Duration::from_mins(1))
}

/// Enough that a share of 5 % failures shows several of them.
fn min_requests() -> u64 {
    100
}

fn max_time() -> Period {
    Period::new(Duration::from_mins(30))
}
