use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, ReleaseId, RunId, Slot};
use handover_edge::AgentClient;
use handover_edge::api::{InstanceState, LaunchRequest, SettleRequest, SlotView, StopRequest};

use crate::{Launcher, Occupant, WorldError};

/// How many lines explain a failure.
const LINES: usize = 20;

/// Releases as processes of this machine, looked after by the agent.
#[derive(Debug)]
pub struct AgentLauncher {
    client: AgentClient,
    slots: PathBuf,
}

impl AgentLauncher {
    /// A launcher that asks the agent behind `client`; `state_dir` is the agent's, where releases log.
    pub fn new(client: AgentClient, state_dir: &Path) -> Self {
        Self { client, slots: state_dir.join("slots") }
    }
}

#[async_trait]
impl Launcher for AgentLauncher {
    async fn look(&self, slot: Slot) -> Result<Option<Occupant>, WorldError> {
        Ok(occupant(self.client.slot(slot).await?))
    }

    async fn launch(
        &self,
        slot: Slot,
        release: &ReleaseId,
        run: &RunId,
        fence: Fence,
    ) -> Result<(), WorldError> {
        let request = LaunchRequest { run: run.clone(), release: release.clone(), fence };
        self.client.launch(slot, &request).await?;
        Ok(())
    }

    async fn last_lines(&self, slot: Slot, run: &RunId) -> Vec<String> {
        let first = self.slots.join(slot.as_str()).join(run.as_str()).join("0/log");
        tokio::task::spawn_blocking(move || tail(&first)).await.unwrap_or_default()
    }

    async fn stop(&self, slot: Slot, release: &ReleaseId, fence: Fence) -> Result<(), WorldError> {
        let request = StopRequest { release: release.clone(), fence };
        self.client.stop_slot(slot, &request).await?;
        Ok(())
    }

    async fn stable(&self) -> Result<Option<(Slot, ReleaseId)>, WorldError> {
        Ok(self.client.status().await?.stable)
    }

    async fn settle(
        &self,
        slot: Slot,
        release: &ReleaseId,
        retain: Duration,
        fence: Fence,
    ) -> Result<(), WorldError> {
        let retain_ms = u64::try_from(retain.as_millis()).unwrap_or(u64::MAX);
        let request = SettleRequest { stable: slot, release: release.clone(), retain_ms, fence };
        self.client.settle(&request).await?;
        Ok(())
    }
}

/// A log that cannot be read explains nothing; the failure it was to explain is told all the same.
fn tail(log: &Path) -> Vec<String> {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines[lines.len().saturating_sub(LINES)..].to_vec()
}

fn occupant(view: SlotView) -> Option<Occupant> {
    let (ready, summary) = (view.ready(), summary(&view));
    let failure = view.failure.map(|failure| (failure.cause, failure.log_tail));
    let restarts = view.instances.iter().map(|instance| instance.restarts).sum();
    view.release.map(|release| Occupant { release, ready, restarts, summary, failure })
}

fn summary(view: &SlotView) -> String {
    let ready = view.instances.iter().filter(|i| i.state == InstanceState::Ready).count();
    let trouble = view.instances.iter().find_map(|i| i.trouble.as_ref());
    let last = trouble.map(|said| format!("; last probe: {said}")).unwrap_or_default();
    format!("{ready} of {} instances ready{last}", view.instances.len())
}
