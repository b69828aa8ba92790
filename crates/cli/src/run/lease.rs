//! The agent's lease, in the runbook's terms.

use std::time::Duration;

use async_trait::async_trait;
use handover_edge::api::{ApiErrorKind, LeaseRequest, LeaseView};
use handover_edge::{AgentClient, ClientError};
use handover_runbook::{Held, Lease, LeaseError};

/// The lease that the agent holds for its service.
#[derive(Debug)]
pub(crate) struct AgentLease {
    client: AgentClient,
    holder: String,
}

impl AgentLease {
    /// The lease as this process would hold it, under a name of its own.
    pub(crate) fn new(client: AgentClient, holder: String) -> Self {
        Self { client, holder }
    }
}

#[async_trait]
impl Lease for AgentLease {
    async fn acquire(&self, take_over: bool) -> Result<Held, LeaseError> {
        let request = LeaseRequest { holder: self.holder.clone(), pid: std::process::id(), take_over };
        self.client.acquire(&request).await.map(held).map_err(|error| match error.kind() {
            Some(ApiErrorKind::Held { lease: Some(lease), .. }) => LeaseError::Held(held(lease.clone())),
            _ => unreachable("acquire", error),
        })
    }

    async fn renew(&self, lease: &Held) -> Result<Held, LeaseError> {
        let fence = lease.fence;
        self.client.renew(&view(lease)).await.map(held).map_err(|error| match error {
            // The agent answered, and it was no: it is somebody else's now, or nobody's.
            ClientError::Api(_) => LeaseError::Lost { fence },
            other => unreachable("renew", other),
        })
    }

    async fn release(&self, lease: Held) -> Result<(), LeaseError> {
        self.client.release(&view(&lease)).await.map_err(|error| unreachable("release", error))
    }

    async fn show(&self) -> Result<Option<Held>, LeaseError> {
        Ok(self.client.lease().await.map_err(|error| unreachable("read", error))?.map(held))
    }
}

fn unreachable(attempted: &'static str, error: ClientError) -> LeaseError {
    LeaseError::Unreachable { attempted, source: Box::new(error) }
}

fn held(view: LeaseView) -> Held {
    Held {
        holder: view.holder,
        pid: view.pid,
        fence: view.fence,
        since: view.since,
        ttl: Duration::from_millis(view.ttl_ms),
        left: Duration::from_millis(view.left_ms),
    }
}

fn view(held: &Held) -> LeaseView {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    LeaseView {
        holder: held.holder.clone(),
        pid: held.pid,
        fence: held.fence,
        since: held.since,
        ttl_ms: millis(held.ttl),
        left_ms: millis(held.left),
    }
}
