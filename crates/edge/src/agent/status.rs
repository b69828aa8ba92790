use handover_core::BySlot;
use handover_traffic::TrafficSwitcher as _;

use super::Core;
use crate::api::{self, AgentStatus};
use crate::denied::Denied;

impl Core {
    /// Everything the agent knows.
    pub(crate) async fn status(&self) -> Result<AgentStatus, Denied> {
        let route = self.switcher.observe().await?;
        let state = self.state.get();
        Ok(AgentStatus {
            version: api::VERSION,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            service: self.service.clone(),
            pid: std::process::id(),
            since: self.since,
            listen: self.listen.to_string(),
            route,
            stable: state.stable.clone(),
            slots: BySlot::from_fn(|slot| self.supervisor.view(slot)),
            recent: BySlot::from_fn(|slot| self.watcher.recent(slot)),
            lease: self.lease.current(),
            run: state.run.as_ref().map(|run| self.run_view(run)),
            last_end: state.last_run.as_ref().map(|(_, end)| end.clone()),
            last_guard: state.last_guard.clone(),
        })
    }
}
