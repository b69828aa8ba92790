//! The agent's route as a [`TrafficSwitcher`].

use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use handover_traffic::{
    Capabilities, Change, DrainSupport, Drained, Observed, SwitchError, TrafficSwitcher, TrafficSwitcherExt,
    Weights,
};

use crate::api::ApiErrorKind;
use crate::{AgentClient, ClientError};

/// The name in this backend's errors.
const BACKEND: &str = "the agent";

/// One write of the state file, and a table swapped: this is generous for a slow disk.
const ROLLBACK_BOUND: Duration = Duration::from_secs(2);

/// Moves the traffic of an agent, through its admin socket.
#[derive(Debug, Clone)]
pub struct AgentSwitcher {
    client: AgentClient,
}

impl AgentSwitcher {
    /// A switcher over this client's agent.
    pub fn new(client: AgentClient) -> Self {
        Self { client }
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
        self.client.observe().await.map_err(switch_error)
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check(BACKEND, &change.route)?;
        self.client.apply(change).await.map_err(switch_error)
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.client.drain(slot, limit).await.map_err(switch_error)
    }
}

fn switch_error(error: ClientError) -> SwitchError {
    match error {
        ClientError::Unreachable { .. } => {
            SwitchError::Unreachable { backend: BACKEND, source: error.into() }
        }
        ClientError::Unconfirmed { after, source, .. } => {
            SwitchError::Unconfirmed { backend: BACKEND, after, source }
        }
        ClientError::Api(ref refusal) => match refusal.kind {
            ApiErrorKind::Conflict { expected, found } => SwitchError::Conflict { expected, found },
            ApiErrorKind::Fenced { offered, seen } => SwitchError::Fenced { offered, seen },
            ApiErrorKind::Held { .. }
            | ApiErrorKind::Refused
            | ApiErrorKind::NotFound
            | ApiErrorKind::Failed => SwitchError::Refused { backend: BACKEND, source: error.into() },
        },
    }
}
