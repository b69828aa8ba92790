//! The route of an agent, or of an edge of its own, as a [`TrafficSwitcher`].

use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use handover_traffic::{
    Capabilities, Change, DrainSupport, Drained, Expected, Mode, Observed, SwitchError, TrafficSwitcher,
    TrafficSwitcherExt, Weights,
};

use crate::api::{ApiErrorKind, PanicRequest};
use crate::{AgentClient, ClientError, Place};

/// One write of the state file, and a table swapped: this is generous for a slow disk.
const ROLLBACK_BOUND: Duration = Duration::from_secs(2);

/// Moves the traffic of an agent, or of an edge of its own, through its admin API.
#[derive(Debug, Clone)]
pub struct AgentSwitcher {
    client: AgentClient,
}

impl AgentSwitcher {
    /// A switcher over this client's agent.
    pub fn new(client: AgentClient) -> Self {
        Self { client }
    }

    /// The name in this backend's errors.
    fn name(&self) -> &'static str {
        match self.client.place() {
            Place::Socket(_) => "the agent",
            Place::Address(_) => "the edge",
        }
    }

    fn error(&self, error: ClientError) -> SwitchError {
        switch_error(self.name(), error)
    }
}

#[async_trait]
impl TrafficSwitcher for AgentSwitcher {
    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Weights::Any { step: 1 })
            .with_atomic()
            .with_hold()
            .with_pin()
            .with_sticky()
            .with_compare_and_set()
            .with_fencing()
            .with_read_back()
            .with_drain(DrainSupport::Counted)
            .with_kept_state()
            .with_rollback_bound(ROLLBACK_BOUND)
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        self.client.observe().await.map_err(|e| self.error(e))
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check(self.name(), &change.route)?;
        self.client.apply(change).await.map_err(|e| self.error(e))
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.client.drain(slot, limit).await.map_err(|e| self.error(e))
    }
}

/// Takes everything to one slot where nothing can be written: what [`AgentSwitcher`] does, but all of the traffic goes by
/// break-glass, which no full disk at the edge stops.
#[derive(Debug, Clone)]
pub struct BreakGlass {
    inner: AgentSwitcher,
    why: String,
}

impl BreakGlass {
    /// A switcher over this client's edge; `why` is for its log.
    pub fn new(client: AgentClient, why: impl Into<String>) -> Self {
        Self { inner: AgentSwitcher::new(client), why: why.into() }
    }
}

#[async_trait]
impl TrafficSwitcher for BreakGlass {
    /// Break-glass asks for no revision, and makes a fence of its own.
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        self.inner.observe().await
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let (to, op) = (change.route.split.sole(), change.op.clone());
        if to.is_none() || change.route.mode != Mode::Serve || change.expected != Expected::Any {
            return self.inner.apply(change).await;
        }
        let request = PanicRequest { to, why: self.why.clone(), op };
        self.inner.client.panic(&request).await.map_err(|e| self.inner.error(e))
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.inner.drain(slot, limit).await
    }
}

fn switch_error(backend: &'static str, error: ClientError) -> SwitchError {
    match error {
        ClientError::Unreachable { .. } => SwitchError::Unreachable { backend, source: error.into() },
        ClientError::Unconfirmed { after, source, .. } => SwitchError::Unconfirmed { backend, after, source },
        ClientError::Api(ref refusal) => match refusal.kind {
            ApiErrorKind::Conflict { expected, found } => SwitchError::Conflict { expected, found },
            ApiErrorKind::Fenced { offered, seen } => SwitchError::Fenced { offered, seen },
            ApiErrorKind::Held { .. }
            | ApiErrorKind::Refused
            | ApiErrorKind::NotFound
            | ApiErrorKind::Failed => SwitchError::Refused { backend, source: error.into() },
        },
    }
}
