//! The journal's lease, in the agent's terms.

use std::time::Duration;

use handover_core::Fence;
use handover_edge::ClientError;
use handover_edge::api::{ApiError, ApiErrorKind, LeaseRequest, LeaseView};
use handover_runbook::{Held, Lease as _, LeaseError, SqliteLease};

use super::hosted::{Hosted, held};

impl Hosted {
    /// Who holds it now.
    pub(super) async fn lease(&self) -> Result<Option<LeaseView>, ClientError> {
        let lease = self.named("a look").await?;
        Ok(lease.show().await.map_err(|error| failed(&error))?.map(view))
    }

    pub(super) async fn acquire(&self, request: &LeaseRequest) -> Result<LeaseView, ClientError> {
        let lease = self.named(&request.holder).await?.above(self.fence_in_force().await);
        match lease.acquire(request.take_over).await {
            Ok(taken) => Ok(view(taken)),
            Err(LeaseError::Held(by)) => Err(held(view(by))),
            Err(error) => Err(failed(&error)),
        }
    }

    pub(super) async fn renew(&self, lease: &LeaseView) -> Result<LeaseView, ClientError> {
        let renewed = self.named(&lease.holder).await?.renew(&back(lease)).await;
        renewed.map(view).map_err(|error| failed(&error))
    }

    pub(super) async fn release(&self, lease: &LeaseView) -> Result<(), ClientError> {
        let released = self.named(&lease.holder).await?.release(back(lease)).await;
        released.map_err(|error| failed(&error))
    }

    /// The highest fence that anybody has acted with, as far as that can be told: somebody who broke the glass had no
    /// lease.
    pub(super) async fn fence_in_force(&self) -> Fence {
        let seen = self.traffic.observe().await.ok().and_then(|seen| seen.fence);
        let kept = self.roster.read().ok().map(|standing| standing.fence);
        seen.max(kept).unwrap_or(Fence::ZERO)
    }

    async fn named(&self, holder: &str) -> Result<SqliteLease, ClientError> {
        Ok(self.store().await?.lease(holder))
    }
}

fn failed(error: &LeaseError) -> ClientError {
    let source = std::error::Error::source(error);
    let causes = std::iter::successors(source, |cause| cause.source()).map(ToString::to_string).collect();
    ApiError { kind: ApiErrorKind::Failed, message: error.to_string(), causes }.into()
}

fn view(held: Held) -> LeaseView {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    LeaseView {
        pid: held.pid,
        fence: held.fence,
        since: held.since,
        ttl_ms: millis(held.ttl),
        left_ms: millis(held.left),
        holder: held.holder,
    }
}

fn back(view: &LeaseView) -> Held {
    Held {
        holder: view.holder.clone(),
        pid: view.pid,
        fence: view.fence,
        since: view.since,
        ttl: Duration::from_millis(view.ttl_ms),
        left: Duration::from_millis(view.left_ms),
    }
}
