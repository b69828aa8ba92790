//! Backends on somebody else's platform, and programs that know others.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Haproxy;
use super::values::{Name, Period, Template, WebAddress};

/// The service at Railway that is deployed into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Railway {
    /// The project's id.
    pub(crate) project: Name,
    /// The environment's id.
    pub(crate) environment: Name,
    /// The id of the service with the public domain.
    pub(crate) service: Name,
    /// For backend "remote-edge", whose edge that service is: the names of the private services behind it, one per slot.
    /// They are made where they are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) services: Option<Services>,
    /// What a release is: "image:ghcr.io/acme/shop:{release}", or "commit:{release}" of the connected repository.
    pub(crate) release: Template,
    /// A file with the token, relative to this file. By default `$RAILWAY_TOKEN`, a project token, else
    /// `$RAILWAY_API_TOKEN`, an account's or workspace's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token_file: Option<PathBuf>,
    /// What the token in `token_file` is for.
    #[serde(default)]
    pub(crate) token_kind: TokenKind,
    /// Where Railway's interface is, if not at Railway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) base: Option<WebAddress>,
    /// From asking for a deployment until it is active: build, health check, overlap.
    #[serde(default = "deploy_limit")]
    pub(crate) deploy_limit: Period,
    /// Between two looks where a subscription does not work. At Railway itself no shorter than 5s.
    #[serde(default = "railway_poll")]
    pub(crate) poll: Period,
}

/// The private service of each slot, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Services {
    /// Blue's, such as "shop-blue".
    pub(crate) blue: Name,
    /// Green's.
    pub(crate) green: Name,
}

/// Whom a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TokenKind {
    /// One environment of a project.
    #[default]
    Project,
    /// A person or a workspace.
    Account,
}

/// The project at Vercel whose production is moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vercel {
    /// The project's id or name.
    pub(crate) project: Name,
    /// The team's id or slug; none for a personal account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) team: Option<Name>,
    /// What a release is. "deployment:{release}": a deployment for production that exists, by id or host name, such as
    /// `vercel deploy --prod --skip-domain` makes. "commit:{release}": a commit of the connected repository, built if it
    /// was not.
    #[serde(default = "existing")]
    pub(crate) release: Template,
    /// The branch that such a commit is on.
    #[serde(default = "branch")]
    pub(crate) branch: String,
    /// "promote": all at once. "rolling": in the stages that the project has configured.
    #[serde(default)]
    pub(crate) mode: VercelMode,
    /// Where a deployment without traffic is reached by smoke tests.
    #[serde(default = "deployment_address")]
    pub(crate) address: Template,
    /// A file with the secret that opens protected deployments to smoke tests, relative to this file. By default
    /// `$VERCEL_AUTOMATION_BYPASS_SECRET`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bypass_file: Option<PathBuf>,
    /// A file with the token, relative to this file. By default `$VERCEL_TOKEN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token_file: Option<PathBuf>,
    /// Where Vercel's interface is, if not at Vercel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) base: Option<WebAddress>,
    /// Between two looks at what was asked for.
    #[serde(default = "vercel_poll")]
    pub(crate) poll: Period,
}

/// How production moves at Vercel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum VercelMode {
    /// By promotion and rollback.
    #[default]
    Promote,
    /// By a rolling release.
    Rolling,
}

/// A program that moves the traffic; `docs/exec.md` is its protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exec {
    /// The program and its arguments, started in this file's folder: `["python3", "switcher.py"]`. No shell
    /// reads them.
    pub(crate) command: Vec<String>,
    /// Variables that it is given although they are called like secrets.
    #[serde(default)]
    pub(crate) env: Vec<Name>,
    /// For one call; a drain has its own limit on top.
    #[serde(default = "exec_timeout")]
    pub(crate) timeout: Period,
    /// Keeps revisions, operations and fences for a program that does not.
    #[serde(default)]
    pub(crate) memory: bool,
}

/// Several backends as one, moved in this order and taken back in the reverse one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Composite {
    /// Two members at least.
    pub(crate) members: Vec<Member>,
}

/// A backend in a composite: its name, and one section as it would stand by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    /// Tells it from the others; a part of file names.
    pub(crate) name: Name,
    /// As `[haproxy]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) haproxy: Option<Haproxy>,
    /// As `[exec]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) exec: Option<Exec>,
}

fn deploy_limit() -> Period {
    Period::new(Duration::from_mins(30))
}

fn railway_poll() -> Period {
    Period::new(Duration::from_secs(5))
}

fn vercel_poll() -> Period {
    Period::new(Duration::from_secs(1))
}

fn exec_timeout() -> Period {
    Period::new(Duration::from_secs(30))
}

fn existing() -> Template {
    Template::fixed("deployment:{release}")
}

fn deployment_address() -> Template {
    Template::fixed("https://{deployment}/")
}

fn branch() -> String {
    "main".to_owned()
}
