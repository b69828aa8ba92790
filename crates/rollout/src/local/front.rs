use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Retry, Slot};
use handover_edge::AgentClient;
use handover_health::{InstanceProbe, ProbeClass, SmokeEnd, SmokeTest};

use crate::{Front, ProbeAnswer, SmokeMethod, SmokeSpec, WorldError};

/// For one probe through the public address; a healthy edge answers within milliseconds.
const PROBE_LIMIT: Duration = Duration::from_secs(2);

/// An agent that was killed is back within milliseconds, by its unit.
const EDGE_PAUSE: Duration = Duration::from_millis(200);

/// The edge's listener on this machine, as a user would reach it.
#[derive(Debug)]
pub struct LocalFront {
    client: AgentClient,
    listen: SocketAddr,
    path: String,
}

impl LocalFront {
    /// The service at `listen`; probes ask for `path`.
    pub fn new(client: AgentClient, listen: SocketAddr, path: impl Into<String>) -> Self {
        Self { client, listen, path: path.into() }
    }

    async fn ask(&self) -> Result<ProbeAnswer, String> {
        let secrets = self.client.secrets().await.map_err(|e| e.to_string())?;
        let probe = InstanceProbe::new(self.listen, &self.path).map_err(|e| e.to_string())?;
        let probe = probe.with_header("handover-probe", &secrets.probe).map_err(|e| e.to_string())?;
        let answer = probe.fetch(PROBE_LIMIT).await.map_err(|e| e.to_string())?;
        let Some(release) = answer.header("handover-release") else {
            return Err(format!("no release answered: status {}", answer.status()));
        };
        release.parse().map(ProbeAnswer::Release).map_err(|e| format!("{e}"))
    }
}

#[async_trait]
impl Front for LocalFront {
    async fn smoke(&self, slot: Slot, test: &SmokeSpec) -> Result<(), WorldError> {
        let Some(pin) = self.client.slot(slot).await?.pin else {
            return Err(WorldError::refused(format!("nothing runs in {slot}")));
        };
        let request = SmokeTest::new(&test.path)
            .named(&test.name)
            .expecting(test.expect)
            .within(test.timeout)
            .with_header("handover-pin", &pin);
        let request = if test.method == SmokeMethod::Post { request.posting() } else { request };
        let step = request.run(self.listen).await;
        match &step.end {
            SmokeEnd::Passed(_) => Ok(()),
            // The edge itself was not there: what a release does wrong, it answers with a status.
            SmokeEnd::Failed(error) if error.class() != ProbeClass::Timeout => {
                let retry = Retry::After(EDGE_PAUSE);
                Err(WorldError { message: step.to_string(), retry, fenced: false, source: None })
            }
            _ => Err(WorldError::refused(step.to_string())),
        }
    }

    async fn probe(&self) -> ProbeAnswer {
        self.ask().await.unwrap_or_else(ProbeAnswer::Nobody)
    }
}
