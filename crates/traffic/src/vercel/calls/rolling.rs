use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::SwitchError;
use crate::vercel::VercelClient;
use crate::vercel::client::said;
use crate::vercel::wire::{Billing, RollingConfig, RollingRelease, Wrapped};

impl VercelClient {
    /// How the project's releases are to be rolled out; `None` where they go out at once.
    ///
    /// # Errors
    ///
    /// As for [`VercelClient::project`].
    pub async fn rolling_config(&self) -> Result<Option<RollingConfig>, SwitchError> {
        let path = ["v1", "projects", self.project_name(), "rolling-release", "config"];
        Ok(self.get::<Wrapped<RollingConfig>>(&path, &[]).await?.0.rolling_release)
    }

    /// The rolling release that shares the traffic now, if any.
    ///
    /// # Errors
    ///
    /// As for [`VercelClient::project`].
    pub async fn active_release(&self) -> Result<Option<RollingRelease>, SwitchError> {
        let path = ["v1", "projects", self.project_name(), "rolling-release"];
        let answer = self.look(&path, &[("state", "ACTIVE".to_owned())]).await?;
        match answer.status {
            // A plan without rolling releases has none under way; the project itself was read before.
            StatusCode::PAYMENT_REQUIRED | StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => {
                let release = answer.json::<Wrapped<RollingRelease>>()?.rolling_release;
                // Whatever was asked for: only what the answer itself calls active shares the traffic.
                Ok(release.filter(RollingRelease::is_active))
            }
            _ => Err(self.refused(&answer)),
        }
    }

    /// Whether the project may have rolling releases.
    ///
    /// # Errors
    ///
    /// As for [`VercelClient::project`].
    pub async fn rolling_billing(&self) -> Result<Billing, SwitchError> {
        let path = ["v1", "projects", self.project_name(), "rolling-release", "billing"];
        Ok(self.get(&path, &[]).await?.0)
    }

    /// Begins a rolling release of `canary` at its first stage.
    ///
    /// `Ok(Some(…))`: the platform's words for a state in which that is not possible; read it again.
    pub(in crate::vercel) async fn start_release(&self, canary: &str) -> Result<Option<String>, SwitchError> {
        self.rolling_step("start", &json!({ "canaryDeploymentId": canary })).await
    }

    /// Goes on to the stage `next`, which must be the one after the stage that was read.
    pub(in crate::vercel) async fn approve_stage(
        &self,
        canary: &str,
        next: u32,
    ) -> Result<Option<String>, SwitchError> {
        let body = json!({ "nextStageIndex": next, "canaryDeploymentId": canary });
        self.rolling_step("approve-stage", &body).await
    }

    /// Gives `canary` everything.
    pub(in crate::vercel) async fn complete_release(
        &self,
        canary: &str,
    ) -> Result<Option<String>, SwitchError> {
        self.rolling_step("complete", &json!({ "canaryDeploymentId": canary })).await
    }

    async fn rolling_step(&self, step: &str, body: &Value) -> Result<Option<String>, SwitchError> {
        let path = ["v1", "projects", self.project_name(), "rolling-release", step];
        let answer = self.post(&path, Some(body)).await?;
        match answer.status {
            status if status.is_success() => Ok(None),
            StatusCode::BAD_REQUEST
            | StatusCode::NOT_FOUND
            | StatusCode::CONFLICT
            | StatusCode::GONE
            | StatusCode::UNPROCESSABLE_ENTITY => Ok(Some(said(&answer))),
            _ => Err(self.refused(&answer)),
        }
    }
}
