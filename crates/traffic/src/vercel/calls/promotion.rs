use reqwest::StatusCode;

use crate::SwitchError;
use crate::vercel::VercelClient;
use crate::vercel::client::said;
use crate::vercel::wire::{Aliases, FailedAlias, JobKind};

/// What the platform said to a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::vercel) enum Accepted {
    /// It is on its way.
    Begun,
    /// It waits until the rolling release that is under way has ended.
    Queued,
    /// Something stands in its way, in these words: the state has to be read again.
    Conflict(String),
}

impl VercelClient {
    /// Asks for a job that moves production's aliases to `deployment`. Follow it: the answer says only that it was
    /// taken on.
    pub(in crate::vercel) async fn begin(
        &self,
        kind: &JobKind,
        project_id: &str,
        deployment: &str,
    ) -> Result<Accepted, SwitchError> {
        let version = if *kind == JobKind::Rollback { "v1" } else { "v10" };
        let path = [version, "projects", project_id, kind.as_str(), deployment];
        let answer = self.post::<()>(&path, None).await?;
        match answer.status {
            StatusCode::ACCEPTED => Ok(Accepted::Queued),
            StatusCode::CONFLICT => Ok(Accepted::Conflict(said(&answer))),
            status if status.is_success() => Ok(Accepted::Begun),
            _ => Err(self.refused(&answer)),
        }
    }

    /// The host names that the last job could not move.
    ///
    /// # Errors
    ///
    /// As for [`VercelClient::project`].
    pub async fn failed_aliases(&self, project_id: &str) -> Result<Vec<FailedAlias>, SwitchError> {
        let path = ["v1", "projects", project_id, "promote", "aliases"];
        let query = [("failedOnly", "true".to_owned()), ("limit", "100".to_owned())];
        Ok(self.get::<Aliases<FailedAlias>>(&path, &query).await?.0.aliases)
    }
}
