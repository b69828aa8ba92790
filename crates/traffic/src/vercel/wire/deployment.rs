use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ReadyState, Substate};

/// One deployment: an immutable build with an address of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Raw")]
#[non_exhaustive]
pub struct Deployment {
    /// `dpl_…`.
    pub id: String,
    /// Its own host name, without a scheme.
    pub url: String,
    /// How far it is.
    pub ready_state: ReadyState,
    /// Whether it has had production traffic; only said of ready ones.
    pub substate: Option<Substate>,
    /// What it was built for; a preview has none.
    pub target: Option<String>,
    /// What whoever created it wrote on it.
    pub meta: BTreeMap<String, String>,
    /// When it was created: milliseconds of the platform's clock since 1970.
    pub created_at: u64,
    /// Why it is as it is, in the platform's words.
    pub reason: Option<String>,
    /// Its project, where the answer says so.
    pub project: Option<String>,
}

impl Deployment {
    /// Whether it was built for production. Promoting any other one would build it anew, with other variables.
    pub fn is_for_production(&self) -> bool {
        self.target.as_deref() == Some("production")
    }

    /// Whether it has had production traffic.
    pub fn was_promoted(&self) -> bool {
        self.substate == Some(Substate::Promoted)
    }

    /// Its name and address, for a person.
    pub fn shown(&self) -> String {
        format!("deployment {} ({})", self.id, self.url)
    }
}

/// The shapes of the single answer and of the list in one: they name the same things differently.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    id: Option<String>,
    uid: Option<String>,
    #[serde(default)]
    url: Option<String>,
    ready_state: Option<ReadyState>,
    state: Option<ReadyState>,
    ready_substate: Option<Substate>,
    target: Option<String>,
    #[serde(default)]
    meta: BTreeMap<String, serde_json::Value>,
    created_at: Option<f64>,
    created: Option<f64>,
    error_message: Option<String>,
    ready_state_reason: Option<String>,
    project_id: Option<String>,
}

impl TryFrom<Raw> for Deployment {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        Ok(Self {
            id: raw.id.or(raw.uid).ok_or("a deployment without an id")?,
            url: raw.url.unwrap_or_default(),
            ready_state: raw.ready_state.or(raw.state).ok_or("a deployment without a readyState")?,
            substate: raw.ready_substate,
            target: raw.target,
            meta: raw.meta.into_iter().filter_map(word).collect(),
            created_at: raw.created_at.or(raw.created).map_or(0, super::whole),
            reason: raw.error_message.or(raw.ready_state_reason),
            project: raw.project_id,
        })
    }
}

/// What others wrote may be of any kind; only text is of use.
fn word((key, value): (String, serde_json::Value)) -> Option<(String, String)> {
    Some((key, value.as_str()?.to_owned()))
}

/// What is built when a deployment is created.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A commit of the repository that the project is connected to.
    Commit {
        /// Its full hash.
        sha: String,
        /// The branch or tag that it is on.
        reference: String,
    },
    /// An existing deployment, built again.
    Deployment(String),
}

/// The repository that a project is connected to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Link {
    /// `github`, `gitlab`, `bitbucket`.
    #[serde(rename = "type")]
    pub kind: String,
    /// GitHub's number of the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo_id: Option<u64>,
    /// GitLab's number of the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<serde_json::Value>,
    /// Bitbucket's name of the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Bitbucket's name of the workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_uuid: Option<String>,
    /// The branch whose builds are for production.
    pub production_branch: Option<String>,
}

/// One line that a build printed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// `stdout`, `stderr`, `command`, …
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    payload: Option<Payload>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Payload {
    text: Option<String>,
}

impl Event {
    /// What was printed; events of other kinds have no text.
    pub fn text(&self) -> Option<&str> {
        let nested = self.payload.as_ref().and_then(|payload| payload.text.as_deref());
        self.text.as_deref().or(nested).filter(|text| !text.trim().is_empty())
    }
}
