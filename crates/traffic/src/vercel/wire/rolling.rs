use std::time::Duration;

use serde::Deserialize;

use super::{BillingReason, RollingState};
use crate::Split;

/// How a project's releases are to be rolled out: fixed before a release begins.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RollingConfig {
    /// The stages, the last of which is everything.
    #[serde(default)]
    pub stages: Option<Vec<ConfigStage>>,
    /// Whether answers of the newcomer carry a header that says so.
    #[serde(default)]
    pub canary_response_header: Option<bool>,
}

/// One stage as it is configured.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConfigStage {
    target_percentage: f64,
    /// Whether somebody has to say that the next stage may come.
    #[serde(default)]
    pub require_approval: bool,
    /// In minutes, here; in seconds in the release. Hence not public.
    #[serde(default)]
    duration: Option<f64>,
    /// Whether the share grows bit by bit while the stage lasts.
    #[serde(default)]
    pub linear_shift: Option<bool>,
}

impl ConfigStage {
    /// The newcomer's share, in basis points.
    pub fn share(&self) -> u16 {
        basis_points(self.target_percentage)
    }

    /// After this long the next stage comes by itself. The platform writes minutes in the configuration.
    pub fn lasts(&self) -> Option<Duration> {
        self.duration.and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok())
    }

    /// Whether the share stays as it is until somebody says otherwise: nothing ends a stage without a duration.
    pub fn waits(&self) -> bool {
        let stays = self.require_approval || self.duration.is_none();
        self.share() >= Split::WHOLE || (stays && self.linear_shift != Some(true))
    }
}

/// A release that is being rolled out, or the last one that was.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RollingRelease {
    /// How far it is.
    pub state: RollingState,
    /// What has the rest of the traffic.
    pub current_deployment: Option<Named>,
    /// What has the stage's share of the traffic.
    pub canary_deployment: Option<Named>,
    /// A deployment that waits for this release to end, and is promoted then.
    #[serde(default)]
    pub queued_deployment_id: Option<String>,
    /// The stage in force.
    pub active_stage: Option<Stage>,
    /// The stage after it.
    pub next_stage: Option<Stage>,
    /// The share in this moment, where the platform says it: it grows while a stage shifts bit by bit.
    #[serde(default)]
    current_canary_percentage: Option<f64>,
}

/// A deployment by its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Named {
    /// `dpl_…`.
    pub id: String,
}

/// One stage of a release.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Stage {
    /// Its place, from 0.
    pub index: u32,
    target_percentage: f64,
    /// In seconds, here; in minutes in the configuration. Hence not public.
    #[serde(default)]
    duration: Option<f64>,
}

impl Stage {
    /// The newcomer's share, in basis points.
    pub fn share(&self) -> u16 {
        basis_points(self.target_percentage)
    }

    /// After this long the next stage comes by itself. The platform writes seconds in the release.
    pub fn lasts(&self) -> Option<Duration> {
        self.duration.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    }
}

impl RollingRelease {
    /// Whether it shares the traffic now.
    pub fn is_active(&self) -> bool {
        self.state == RollingState::Active
    }

    /// The deployment that has the stage's share.
    pub fn canary(&self) -> Option<&str> {
        self.canary_deployment.as_ref().map(|named| named.id.as_str())
    }

    /// The deployment that has the rest.
    pub fn current(&self) -> Option<&str> {
        self.current_deployment.as_ref().map(|named| named.id.as_str())
    }

    /// The newcomer's share in this moment, in basis points.
    pub fn share(&self) -> u16 {
        let staged = self.active_stage.as_ref().map_or(0, Stage::share);
        self.current_canary_percentage.map_or(staged, basis_points)
    }
}

/// Whether a project may have rolling releases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Billing {
    /// Why, or why not.
    pub reason: BillingReason,
    /// The same in the platform's words.
    #[serde(default)]
    pub message: String,
    /// The projects that have the slots.
    #[serde(default)]
    pub enabled_projects: Vec<String>,
}

/// Percents as the platform writes them; a share outside of 0 to 100 is the nearest of these.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=10000")]
fn basis_points(percent: f64) -> u16 {
    (percent * 100.0).round().clamp(0.0, f64::from(Split::WHOLE)) as u16
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wrapped<T> {
    pub(crate) rolling_release: Option<T>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_lasts_minutes_in_the_configuration_and_seconds_in_the_release() {
        let text = r#"{"index":0,"targetPercentage":12.5,"duration":600}"#;
        let (config, release): (ConfigStage, Stage) =
            (serde_json::from_str(text).unwrap(), serde_json::from_str(text).unwrap());
        assert_eq!(config.lasts(), Some(Duration::from_hours(10)));
        assert_eq!(release.lasts(), Some(Duration::from_mins(10)));
        assert_eq!((config.share(), release.share()), (1_250, 1_250));
    }

    #[test]
    fn a_share_that_is_not_one_is_the_nearest_that_is() {
        let shares = [-3.0, 0.0, 0.004, 99.999, 250.0, f64::NAN].map(basis_points);
        assert_eq!(shares, [0, 0, 0, Split::WHOLE, Split::WHOLE, 0]);
    }
}
