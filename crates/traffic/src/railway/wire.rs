//! The shapes of Railway's answers. No logic but what an unknown word means.

use serde::Deserialize;
use serde_json::Value;

/// How a deployment is, in Railway's words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum Status {
    /// It is on its way, in this phase.
    UnderWay(String),
    /// It passed its health check.
    Success,
    /// It passed, and sleeps until somebody asks for it.
    Sleeping,
    /// It will never have traffic, or has lost it.
    Over(Ended),
    /// A word that this version does not know: not ready, and not over.
    Unknown(String),
}

/// How a deployment ended that has no traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// The build or the health check failed.
    Failed,
    /// It ran and fell over.
    Crashed,
    /// It was taken away, as every deployment is that was followed by another.
    Removed,
    /// It was not made at all.
    Skipped,
}

impl From<String> for Status {
    fn from(word: String) -> Self {
        match word.as_str() {
            "SUCCESS" => Self::Success,
            "SLEEPING" => Self::Sleeping,
            "FAILED" => Self::Over(Ended::Failed),
            "CRASHED" => Self::Over(Ended::Crashed),
            "REMOVED" | "REMOVING" => Self::Over(Ended::Removed),
            "SKIPPED" => Self::Over(Ended::Skipped),
            "BUILDING" | "DEPLOYING" | "INITIALIZING" | "NEEDS_APPROVAL" | "QUEUED" | "WAITING" => {
                Self::UnderWay(word)
            }
            _ => Self::Unknown(word),
        }
    }
}

impl Status {
    /// Whether it has, or may have, traffic.
    pub const fn is_ready(&self) -> bool {
        matches!(self, Self::Success | Self::Sleeping)
    }

    /// Whether it may still become ready. A word nobody knows may.
    pub const fn is_under_way(&self) -> bool {
        matches!(self, Self::UnderWay(_) | Self::Unknown(_))
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnderWay(word) | Self::Unknown(word) => word,
            Self::Success => "SUCCESS",
            Self::Sleeping => "SLEEPING",
            Self::Over(Ended::Failed) => "FAILED",
            Self::Over(Ended::Crashed) => "CRASHED",
            Self::Over(Ended::Removed) => "REMOVED",
            Self::Over(Ended::Skipped) => "SKIPPED",
        })
    }
}

/// One deployment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Deployment {
    /// Its id.
    pub id: String,
    /// How it is.
    pub status: Status,
    /// When it was asked for, by Railway's own clock, as text of ISO 8601.
    pub created_at: String,
    /// Railway still has its image.
    pub can_rollback: bool,
    /// It can be built again.
    pub can_redeploy: bool,
    /// Somebody stopped it.
    pub deployment_stopped: bool,
    #[serde(default)]
    pub(crate) meta: Value,
}

impl Deployment {
    /// What it runs, as the logbook names it: `image:<reference>` or `commit:<sha>`; nothing where Railway does not say.
    pub fn runs(&self) -> Option<String> {
        let text = |key: &str| self.meta.get(key)?.as_str();
        let image = text("image").map(|image| format!("image:{image}"));
        image.or_else(|| text("commitHash").map(|sha| format!("commit:{sha}")))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Edges<T> {
    edges: Vec<Edge<T>>,
}

#[derive(Debug, Deserialize)]
struct Edge<T> {
    node: T,
}

impl<T> Edges<T> {
    pub(crate) fn into_nodes(self) -> Vec<T> {
        self.edges.into_iter().map(|edge| edge.node).collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StandingData {
    pub(crate) service_instance: ServiceInstance,
    pub(crate) deployments: Edges<Deployment>,
    pub(crate) environment: Environment,
    pub(crate) service_instance_auto_deploy_status: AutoDeploy,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceInstance {
    pub(crate) service_name: String,
    pub(crate) healthcheck_path: Option<String>,
    pub(crate) healthcheck_timeout: Option<u64>,
    pub(crate) overlap_seconds: Option<u64>,
    pub(crate) draining_seconds: Option<u64>,
    pub(crate) num_replicas: Option<u64>,
    pub(crate) source: Option<Source>,
    pub(crate) latest_deployment: Option<Deployment>,
    pub(crate) active_deployments: Vec<Deployment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Source {
    pub(crate) repo: Option<String>,
    pub(crate) image: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Environment {
    pub(crate) name: String,
    pub(crate) volume_instances: Edges<VolumeInstance>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VolumeInstance {
    pub(crate) service_id: Option<String>,
    pub(crate) mount_path: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct AutoDeploy {
    pub(crate) enabled: bool,
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FailureData {
    pub(crate) deployment_events: Edges<Event>,
    pub(crate) build_logs: Vec<Line>,
    pub(crate) deployment_logs: Vec<Line>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    pub(crate) step: String,
    pub(crate) payload: Option<EventPayload>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct EventPayload {
    pub(crate) error: Option<String>,
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Line {
    pub(crate) timestamp: String,
    pub(crate) message: String,
    pub(crate) severity: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServicesData {
    pub(crate) environment: ServicesIn,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServicesIn {
    pub(crate) service_instances: Edges<ServiceHere>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceHere {
    pub(crate) service_id: String,
    pub(crate) service_name: String,
    pub(crate) source: Option<Source>,
    pub(crate) latest_deployment: Option<Brief>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Brief {
    pub(crate) id: String,
    pub(crate) status: Status,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_that_nobody_knows_is_neither_ready_nor_over() {
        let status: Status = serde_json::from_str(r#""PAUSED""#).unwrap();
        assert_eq!((status.is_ready(), status.is_under_way()), (false, true));
        assert_eq!(status.to_string(), "PAUSED");
    }
}
