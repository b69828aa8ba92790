use reqwest::Method;
use serde_json::json;

use crate::SwitchError;
use crate::vercel::VercelClient;
use crate::vercel::client::WHO_AM_I;
use crate::vercel::wire::{Alias, Aliases, Domain, Domains, Project, User, WhoAmI};

/// So many pages are read of any list, a hundred entries each.
const PAGES: usize = 20;

impl VercelClient {
    /// Whose token it is.
    ///
    /// # Errors
    ///
    /// Transport errors, or [`SwitchError::Refused`] for a token that is none.
    pub async fn who_am_i(&self) -> Result<User, SwitchError> {
        let (answer, _) = self.get::<WhoAmI>(&WHO_AM_I, &[]).await?;
        Ok(answer.user)
    }

    /// The project.
    ///
    /// # Errors
    ///
    /// Transport errors, or [`SwitchError::Refused`] where there is none of this name for this token.
    pub async fn project(&self) -> Result<Project, SwitchError> {
        Ok(self.project_by_the_clock().await?.0)
    }

    /// The project, and the platform's clock: milliseconds since 1970, to the second.
    pub(in crate::vercel) async fn project_by_the_clock(
        &self,
    ) -> Result<(Project, Option<u64>), SwitchError> {
        self.get(&["v9", "projects", self.project_name()], &[]).await
    }

    /// Says that production builds shall, or shall not, take the domains over by themselves.
    ///
    /// # Errors
    ///
    /// Transport errors; [`SwitchError::Refused`]; [`SwitchError::Unconfirmed`] where nobody answered.
    pub async fn assign_domains_by_itself(&self, by_itself: bool) -> Result<Project, SwitchError> {
        let body = json!({ "autoAssignCustomDomains": by_itself });
        let path = ["v9", "projects", self.project_name()];
        self.write(Method::PATCH, &path, Some(&body)).await?.json()
    }

    /// The host names that are production's and lead somewhere.
    ///
    /// # Errors
    ///
    /// As for [`VercelClient::project`].
    pub async fn production_domains(&self) -> Result<Vec<Domain>, SwitchError> {
        let path = ["v9", "projects", self.project_name(), "domains"];
        let query = [("production", "true".to_owned()), ("redirects", "false".to_owned())];
        let mut all = Vec::new();
        let mut until = None;
        for _ in 0..PAGES {
            let (page, _) = self.get::<Domains>(&path, &paged(&query, until)).await?;
            all.extend(page.domains);
            until = page.pagination.and_then(|pagination| pagination.next());
            if until.is_none() {
                break;
            }
        }
        all.retain(|domain: &Domain| domain.verified);
        Ok(all)
    }

    /// Every host name of the project with this id, and where it leads.
    ///
    /// # Errors
    ///
    /// As for [`VercelClient::project`].
    pub async fn aliases(&self, project_id: &str) -> Result<Vec<Alias>, SwitchError> {
        let query = [("projectId", project_id.to_owned())];
        let mut all = Vec::new();
        let mut until = None;
        for _ in 0..PAGES {
            let (page, _) = self.get::<Aliases<Alias>>(&["v4", "aliases"], &paged(&query, until)).await?;
            all.extend(page.aliases);
            until = page.pagination.and_then(|pagination| pagination.next());
            if until.is_none() {
                break;
            }
        }
        Ok(all)
    }

    /// The host names that lead to a deployment.
    ///
    /// # Errors
    ///
    /// As for [`VercelClient::deployment`].
    pub async fn aliases_of(&self, deployment: &str) -> Result<Vec<Alias>, SwitchError> {
        let path = ["v2", "deployments", deployment, "aliases"];
        Ok(self.get::<Aliases<Alias>>(&path, &[]).await?.0.aliases)
    }
}

/// A hundred entries from where the last page ended.
pub(super) fn paged<'a>(query: &[(&'a str, String)], until: Option<u64>) -> Vec<(&'a str, String)> {
    let next = until.map(|until| ("until", until.to_string()));
    query.iter().cloned().chain([("limit", "100".to_owned())]).chain(next).collect()
}
