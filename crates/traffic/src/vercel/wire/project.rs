use serde::Deserialize;

use super::{JobKind, JobStatus, Link, Pagination};

/// One project: what production serves, and the last job that moved it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Project {
    /// `prj_…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether each production build takes the domains over by itself. Vercel's default is that it does.
    #[serde(default)]
    pub auto_assign_custom_domains: Option<bool>,
    /// The last job that moved, or moves, production.
    #[serde(default)]
    pub last_alias_request: Option<AliasRequest>,
    /// The repository that it is connected to.
    #[serde(default)]
    pub link: Option<Link>,
    #[serde(default)]
    targets: Option<ProjectTargets>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct ProjectTargets {
    #[serde(default)]
    production: Option<Production>,
}

/// The deployment that production serves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Production {
    /// `dpl_…`.
    pub id: String,
    /// Its own host name.
    #[serde(default)]
    pub url: String,
}

impl Project {
    /// The deployment that production serves; `None` before the first.
    pub fn production(&self) -> Option<&Production> {
        self.targets.as_ref()?.production.as_ref()
    }

    /// Whether each production build takes the domains over by itself.
    pub fn assigns_by_itself(&self) -> bool {
        self.auto_assign_custom_domains.unwrap_or(true)
    }
}

/// A job that moves production's aliases from one deployment to another.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AliasRequest {
    /// Where the aliases were.
    pub from_deployment_id: Option<String>,
    /// Where they are going.
    pub to_deployment_id: String,
    /// How far it is.
    pub job_status: JobStatus,
    /// When it was asked for: milliseconds of the platform's clock since 1970.
    #[serde(deserialize_with = "super::millis")]
    pub requested_at: u64,
    /// Forward or back.
    #[serde(rename = "type")]
    pub kind: JobKind,
}

/// A host name, and the deployment that it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Alias {
    /// The host name.
    pub alias: String,
    /// Where it leads; `None` if it leads nowhere, or where the deployment was named in the question.
    #[serde(default)]
    pub deployment_id: Option<String>,
}

/// An alias that a job could not move.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FailedAlias {
    /// The host name.
    pub alias: String,
    /// What became of it.
    pub status: String,
}

/// A host name of a project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Domain {
    /// The host name.
    pub name: String,
    /// Whether its owner has proven to be its owner; otherwise it leads nowhere.
    pub verified: bool,
}

/// One page of aliases; a project whose last job was not of this kind answers with an empty object.
#[derive(Debug, Deserialize)]
pub(crate) struct Aliases<T> {
    #[serde(default = "Vec::new")]
    pub(crate) aliases: Vec<T>,
    #[serde(default)]
    pub(crate) pagination: Option<Pagination>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Domains {
    pub(crate) domains: Vec<Domain>,
    #[serde(default)]
    pub(crate) pagination: Option<Pagination>,
}
