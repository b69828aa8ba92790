use std::time::Duration;

use handover_core::{RunId, Slot};
use handover_monitor::source::{Answer, SourceError, WindowSource};

use super::{AgentClient, ClientError};
use crate::api::WatchRequest;

/// The agent's windows: cut where the requests are, with whoever still waits counted in.
impl WindowSource for AgentClient {
    fn begin<'a>(&'a self, run: &'a RunId, candidate: Slot, limit: Duration) -> Answer<'a, u64> {
        let limit_ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let request = WatchRequest { run: run.clone(), candidate, limit_ms };
        Box::pin(async move { Ok(self.watch(&request).await?.epoch) })
    }

    fn after(&self, seq: Option<u64>, wait: Duration) -> Answer<'_, handover_monitor::Pairs> {
        Box::pin(async move { Ok(self.windows(seq, wait).await?) })
    }
}

impl From<ClientError> for SourceError {
    fn from(error: ClientError) -> Self {
        Self::Other { retry: error.retry(), source: Box::new(error) }
    }
}
