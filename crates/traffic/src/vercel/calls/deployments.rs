use std::collections::BTreeMap;

use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};

use super::project::paged;
use crate::SwitchError;
use crate::vercel::VercelClient;
use crate::vercel::wire::{Deployment, Deployments, Event, Link, Source};

/// So many pages of a project's deployments are read.
const PAGES: usize = 5;

/// Which deployments are wanted; nothing said is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// Built from this commit.
    pub sha: Option<String>,
    /// With these words written on them. The platform is not asked: it hands out all, and these are picked.
    pub meta: BTreeMap<String, String>,
    /// To which production may be rolled back.
    pub rollback_candidate: bool,
    /// Built for production.
    pub production: bool,
}

impl Filter {
    /// Deployments for production.
    pub fn production() -> Self {
        Self { production: true, ..Self::default() }
    }

    /// Built from this commit.
    #[must_use]
    pub fn of_commit(mut self, sha: impl Into<String>) -> Self {
        self.sha = Some(sha.into());
        self
    }

    /// With this written on it.
    #[must_use]
    pub fn marked(mut self, key: impl Into<String>, word: impl Into<String>) -> Self {
        self.meta.insert(key.into(), word.into());
        self
    }

    /// To which production may be rolled back.
    #[must_use]
    pub const fn rollback_candidates(mut self) -> Self {
        self.rollback_candidate = true;
        self
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        let sha = self.sha.clone().map(|sha| ("sha", sha));
        let target = self.production.then(|| ("target", "production".to_owned()));
        let back = self.rollback_candidate.then(|| ("rollbackCandidate", "true".to_owned()));
        [sha, target, back].into_iter().flatten().collect()
    }

    fn picks(&self, deployment: &Deployment) -> bool {
        self.meta.iter().all(|(key, word)| deployment.meta.get(key) == Some(word))
    }
}

/// A deployment to be created, for production.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewDeployment {
    /// What is built.
    pub source: Source,
    /// What is written on it, by which it is found again.
    pub meta: BTreeMap<String, String>,
}

impl NewDeployment {
    /// Built from `source`.
    pub const fn of(source: Source) -> Self {
        Self { source, meta: BTreeMap::new() }
    }

    /// With this written on it.
    #[must_use]
    pub fn marked(mut self, key: impl Into<String>, word: impl Into<String>) -> Self {
        self.meta.insert(key.into(), word.into());
        self
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Order<'a> {
    name: &'a str,
    project: &'a str,
    target: &'static str,
    meta: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    git_source: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment_id: Option<&'a str>,
}

impl VercelClient {
    /// A deployment by its id, or by its host name with or without `https://`.
    ///
    /// # Errors
    ///
    /// Transport errors, or [`SwitchError::Refused`] where there is none.
    pub async fn deployment(&self, id_or_url: &str) -> Result<Deployment, SwitchError> {
        let name = id_or_url.trim_start_matches("https://").trim_end_matches('/');
        Ok(self.get(&["v13", "deployments", name], &[]).await?.0)
    }

    /// The deployments of the project with this id, newest first.
    ///
    /// # Errors
    ///
    /// As for [`VercelClient::project`].
    pub async fn deployments(
        &self,
        project_id: &str,
        filter: &Filter,
    ) -> Result<Vec<Deployment>, SwitchError> {
        let mut query = filter.query();
        query.push(("projectId", project_id.to_owned()));
        let mut all = Vec::new();
        let mut until = None;
        for _ in 0..PAGES {
            let (page, _) = self.get::<Deployments>(&["v6", "deployments"], &paged(&query, until)).await?;
            all.extend(page.deployments.into_iter().filter(|each| filter.picks(each)));
            until = page.pagination.and_then(|pagination| pagination.next());
            if until.is_none() {
                break;
            }
        }
        Ok(all)
    }

    /// Has a deployment built for production. Not safe to repeat: look first, by what is written on it.
    ///
    /// # Errors
    ///
    /// Transport errors; [`SwitchError::Refused`] also where a commit is to be built of a project that is connected
    /// to no repository; [`SwitchError::Unconfirmed`] where nobody answered.
    pub async fn create(&self, order: &NewDeployment) -> Result<Deployment, SwitchError> {
        let project = self.project().await?;
        let (git_source, deployment_id) = match &order.source {
            Source::Commit { sha, reference } => {
                let link = project.link.as_ref().and_then(|link| git(link, sha, reference));
                (Some(link.ok_or_else(|| unconnected(&project.name))?), None)
            }
            Source::Deployment(id) => (None, Some(id.as_str())),
        };
        let body = Order {
            name: &project.name,
            project: &project.id,
            target: "production",
            meta: &order.meta,
            git_source,
            deployment_id,
        };
        self.write(Method::POST, &["v13", "deployments"], Some(&body)).await?.json()
    }

    /// What its build said, oldest first, at most the last `lines` events.
    ///
    /// # Errors
    ///
    /// As for [`VercelClient::deployment`].
    pub async fn events(&self, deployment: &str, lines: u32) -> Result<Vec<Event>, SwitchError> {
        let query = [("direction", "backward"), ("builds", "1")].map(|(key, word)| (key, word.to_owned()));
        let query: Vec<_> = query.into_iter().chain([("limit", lines.to_string())]).collect();
        let path = ["v3", "deployments", deployment, "events"];
        let (mut events, _) = self.get::<Vec<Option<Event>>>(&path, &query).await?;
        events.reverse();
        Ok(events.into_iter().flatten().collect())
    }

    /// Stops a build.
    ///
    /// # Errors
    ///
    /// Transport errors; [`SwitchError::Refused`]; [`SwitchError::Unconfirmed`] where nobody answered.
    pub async fn cancel(&self, deployment: &str) -> Result<Deployment, SwitchError> {
        let path = ["v12", "deployments", deployment, "cancel"];
        self.write::<Value>(Method::PATCH, &path, None).await?.json()
    }

    /// Removes a deployment for good.
    ///
    /// # Errors
    ///
    /// As for [`VercelClient::cancel`].
    pub async fn delete(&self, deployment: &str) -> Result<(), SwitchError> {
        self.write::<Value>(Method::DELETE, &["v13", "deployments", deployment], None).await.map(drop)
    }
}

/// A commit in the words of its host; `None` where the connection does not say which repository it is.
fn git(link: &Link, sha: &str, reference: &str) -> Option<Value> {
    let (kind, sha, reference) = (&link.kind, sha, reference);
    Some(match kind.as_str() {
        "github" | "github-limited" => {
            json!({ "type": kind, "ref": reference, "sha": sha, "repoId": link.repo_id? })
        }
        "gitlab" => {
            let project = link.project_id.as_ref()?;
            json!({ "type": kind, "ref": reference, "sha": sha, "projectId": project })
        }
        "bitbucket" => {
            let (repo, workspace) = (link.uuid.as_ref()?, &link.workspace_uuid);
            json!({ "type": kind, "ref": reference, "sha": sha, "repoUuid": repo, "workspaceUuid": workspace })
        }
        _ => return None,
    })
}

fn unconnected(project: &str) -> SwitchError {
    let because = format!("project {project} is connected to no repository, so no commit of it can be built");
    SwitchError::Refused { backend: crate::vercel::NAME, source: because.into() }
}
