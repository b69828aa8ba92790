use std::time::Duration;

use async_trait::async_trait;
use handover_core::{RunId, Slot};
use handover_edge::AgentClient;
use handover_edge::api::WatchRequest;
use handover_monitor::Pairs;

use crate::{WindowSource, WorldError};

/// Windows cut by the agent, where the requests are.
#[derive(Debug)]
pub struct AgentWindows {
    client: AgentClient,
}

impl AgentWindows {
    /// Windows of the agent behind `client`.
    pub const fn new(client: AgentClient) -> Self {
        Self { client }
    }
}

#[async_trait]
impl WindowSource for AgentWindows {
    async fn begin(&self, run: &RunId, candidate: Slot, limit: Duration) -> Result<u64, WorldError> {
        let limit_ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let request = WatchRequest { run: run.clone(), candidate, limit_ms };
        Ok(self.client.watch(&request).await?.epoch)
    }

    async fn after(&self, seq: Option<u64>, wait: Duration) -> Result<Pairs, WorldError> {
        Ok(self.client.windows(seq, wait).await?)
    }
}
