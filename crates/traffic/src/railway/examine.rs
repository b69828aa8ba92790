//! Whether a service can be deployed to without downtime, and setting it so that it can.

use serde_json::json;

use super::client::with;
use super::documents::AUTO_DEPLOY;
use super::standing::{Standing, named};
use super::{NAME, Railway, RailwayOptions};
use crate::SwitchError;
use crate::doctor::Finding;

/// Long enough for what is in flight where nothing else is known: the edge's idle limit on a connection is 60 s.
const DRAINING: u64 = 60;
/// Long enough for the edge to have the new deployment everywhere: its changes spread within seconds.
const OVERLAP: u64 = 10;

/// What [`mend`] is to set.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mend {
    /// The path that answers 200 when the release can take traffic; without one that setting is left alone.
    pub healthcheck_path: Option<String>,
    /// How long the old deployment stays beside the new one, in seconds.
    pub overlap_seconds: u64,
    /// How long the old one may take to end after SIGTERM, in seconds.
    pub draining_seconds: u64,
    /// Whether pushes to the repository stop deploying by themselves.
    pub auto_deploy_off: bool,
}

impl Default for Mend {
    fn default() -> Self {
        Self {
            healthcheck_path: None,
            overlap_seconds: OVERLAP,
            draining_seconds: DRAINING,
            auto_deploy_off: true,
        }
    }
}

impl Mend {
    /// With this health path.
    #[must_use]
    pub fn with_healthcheck_path(mut self, path: impl Into<String>) -> Self {
        self.healthcheck_path = Some(path.into());
        self
    }
}

/// Looks at everything that decides whether a deployment in place is without downtime: one request.
///
/// What cannot be read is a finding too, so there is always one.
pub async fn examine(options: &RailwayOptions) -> Vec<Finding> {
    let railway = match Railway::new(options.clone()) {
        Ok(railway) => railway,
        Err(error) => {
            return vec![Finding::refuse("options", error.to_string(), "mend the settings for Railway")];
        }
    };
    match railway.standing().await {
        Ok(standing) => findings(&standing),
        Err(error) => vec![unread(&error)],
    }
}

/// Sets what [`examine`] refuses, where it can be set, and looks again. A volume cannot be taken away for anybody.
///
/// # Errors
///
/// A setting was refused, or its answer is not known; what was set before stays set, and every setting is safe to repeat.
pub async fn mend(options: &RailwayOptions, wanted: &Mend) -> Result<Vec<Finding>, SwitchError> {
    let refused = |source| SwitchError::Refused { backend: NAME, source };
    let railway = Railway::new(options.clone()).map_err(refused)?;
    let standing = railway.standing().await?;
    let settings = missing(&standing, wanted);
    if settings.as_object().is_some_and(|settings| !settings.is_empty()) {
        railway.update(settings).await?;
    }
    if wanted.auto_deploy_off && standing.auto_deploy.enabled {
        let input = with(railway.here(), json!({ "enabled": false }));
        railway
            .order::<serde_json::Value>(
                AUTO_DEPLOY,
                json!({ "input": input }),
                "serviceInstanceAutoDeployUpdate",
            )
            .await?;
    }
    Ok(findings(&*railway.standing().await?))
}

/// Only what is refused is set; what somebody chose stays.
fn missing(standing: &Standing, wanted: &Mend) -> serde_json::Value {
    let (service, mut input) = (&standing.service, json!({}));
    if let Some(path) = wanted.healthcheck_path.as_ref().filter(|_| !has_path(standing)) {
        input["healthcheckPath"] = json!(path);
    }
    if service.overlap_seconds.unwrap_or(0) == 0 {
        input["overlapSeconds"] = json!(wanted.overlap_seconds);
    }
    if service.draining_seconds.unwrap_or(0) == 0 {
        input["drainingSeconds"] = json!(wanted.draining_seconds);
    }
    input
}

fn unread(error: &SwitchError) -> Finding {
    let because = std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
    Finding::refuse("access", format!("{error}{because}"), "check token, project, environment and service")
}

pub(super) fn findings(standing: &Standing) -> Vec<Finding> {
    vec![
        access(standing),
        healthcheck(standing),
        overlap(standing),
        draining(standing),
        volume(standing),
        auto_deploy(standing),
        way_back(standing),
    ]
}

fn access(standing: &Standing) -> Finding {
    let (service, environment) = (&standing.service.service_name, &standing.environment);
    let replicas = standing.service.num_replicas.unwrap_or(1);
    Finding::ok("access", format!("service {service} in {environment}, replicas: {replicas}"))
}

fn has_path(standing: &Standing) -> bool {
    standing.service.healthcheck_path.as_deref().is_some_and(|path| !path.is_empty())
}

fn healthcheck(standing: &Standing) -> Finding {
    let service = &standing.service;
    match service.healthcheck_path.as_deref().filter(|path| !path.is_empty()) {
        Some(path) => {
            let limit = service.healthcheck_timeout.unwrap_or(300);
            Finding::ok("health check", format!("{path} must answer 200 within {limit} s"))
        }
        None => Finding::refuse(
            "health check",
            "no path: a release has traffic as soon as its process runs",
            "set a path that answers 200 when the release can take traffic",
        ),
    }
}

fn overlap(standing: &Standing) -> Finding {
    match standing.service.overlap_seconds.unwrap_or(0) {
        0 => Finding::refuse(
            "overlap",
            "0 s: the old deployment ends while the edge still sends requests to it",
            format!("set overlapSeconds, {OVERLAP} for instance"),
        ),
        seconds => Finding::ok("overlap", format!("{seconds} s")),
    }
}

fn draining(standing: &Standing) -> Finding {
    match standing.service.draining_seconds.unwrap_or(0) {
        0 => Finding::refuse(
            "draining",
            "0 s: the old deployment is killed with its requests in flight",
            format!("set drainingSeconds, {DRAINING} for instance, and end on SIGTERM"),
        ),
        seconds => Finding::ok("draining", format!("{seconds} s from SIGTERM to SIGKILL")),
    }
}

fn volume(standing: &Standing) -> Finding {
    match standing.volumes.first() {
        Some(volume) => Finding::refuse(
            "volume",
            format!("one at {}: the old deployment has to end before the new one starts", volume.mount_path),
            "move the data to a database or a bucket, and detach the volume",
        ),
        None => Finding::ok("volume", "none"),
    }
}

fn auto_deploy(standing: &Standing) -> Finding {
    let status = &standing.auto_deploy;
    match (status.enabled, &status.reason) {
        (true, _) => Finding::refuse(
            "auto-deploy",
            "on: a push deploys by itself, also in the middle of a handover",
            "turn it off; handover deploys the commit it is told to",
        ),
        (false, Some(reason)) => Finding::ok("auto-deploy", format!("off: {reason}")),
        (false, None) => Finding::ok("auto-deploy", "off"),
    }
}

fn way_back(standing: &Standing) -> Finding {
    match standing.serving() {
        None => Finding::warn(
            "way back",
            "no deployment is active",
            "the first deployment has nothing to go back to",
        ),
        Some(serving) if serving.can_rollback || serving.can_redeploy => {
            Finding::ok("way back", format!("{} has the traffic", named(serving)))
        }
        Some(serving) => Finding::warn(
            "way back",
            format!("{} has the traffic, and can be neither rolled back to nor built again", named(serving)),
            "deploy it once more, so that Railway keeps an image of it",
        ),
    }
}
