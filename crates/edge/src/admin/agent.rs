//! The agent's endpoints.

use handover_core::Slot;
use handover_traffic::TrafficSwitcher as _;
use http::{HeaderMap, Method};

use super::Office;
use super::answer::{self, Answer};
use super::handle::{Not, drain, read, said, windows};
use crate::agent::Core;
use crate::api::Secrets;
use crate::denied::Denied;

/// One endpoint of the agent's, with what its path says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Status,
    Observe,
    Apply,
    Panic,
    Drain,
    Slot(Slot),
    Launch(Slot),
    Stop(Slot),
    Restart(Slot),
    Watch,
    Windows,
    StartRun,
    EndRun,
    Settle,
    Lease,
    Acquire,
    Renew,
    Release,
    Secrets,
    Metrics,
    Views,
    StopAgent,
}

impl Office for Core {
    type Endpoint = Endpoint;

    const NAME: &'static str = "agent";

    fn offered(segments: &[&str]) -> Option<Vec<(Method, Endpoint)>> {
        let get = |endpoint| (Method::GET, endpoint);
        let put = |endpoint| (Method::PUT, endpoint);
        let post = |endpoint| (Method::POST, endpoint);
        Some(match segments {
            ["status"] => vec![get(Endpoint::Status)],
            ["route"] => vec![get(Endpoint::Observe), put(Endpoint::Apply)],
            ["panic"] => vec![post(Endpoint::Panic)],
            ["drain"] => vec![post(Endpoint::Drain)],
            ["slots", slot] => {
                let slot = slot.parse().ok()?;
                vec![
                    get(Endpoint::Slot(slot)),
                    put(Endpoint::Launch(slot)),
                    (Method::DELETE, Endpoint::Stop(slot)),
                ]
            }
            ["slots", slot, "restart"] => vec![post(Endpoint::Restart(slot.parse().ok()?))],
            ["watch"] => vec![post(Endpoint::Watch)],
            ["windows"] => vec![get(Endpoint::Windows)],
            ["run"] => vec![put(Endpoint::StartRun)],
            ["run", "end"] => vec![post(Endpoint::EndRun)],
            ["settle"] => vec![post(Endpoint::Settle)],
            ["lease"] => vec![get(Endpoint::Lease)],
            ["lease", "acquire"] => vec![post(Endpoint::Acquire)],
            ["lease", "renew"] => vec![post(Endpoint::Renew)],
            ["lease", "release"] => vec![post(Endpoint::Release)],
            ["secrets"] => vec![get(Endpoint::Secrets)],
            ["views"] => vec![put(Endpoint::Views)],
            ["metrics"] => vec![get(Endpoint::Metrics)],
            ["stop"] => vec![post(Endpoint::StopAgent)],
            _ => return None,
        })
    }

    /// Whoever reaches the socket is its owner or root.
    fn admits(&self, _: &HeaderMap) -> bool {
        true
    }

    async fn carry_out(&self, endpoint: Endpoint, body: &[u8], query: &str) -> Result<Answer, Not> {
        match endpoint {
            Endpoint::Status => said(self.status().await),
            Endpoint::Observe => said(self.switcher.observe().await.map_err(Denied::from)),
            Endpoint::Apply => said(self.switcher.apply(&read(body)?).await.map_err(Denied::from)),
            Endpoint::Panic => said(self.guard.panic(read(body)?).await),
            Endpoint::Drain => drain(read(body)?, &self.switcher).await,
            Endpoint::Slot(slot) => Ok(answer::json(&self.supervisor.view(slot))),
            Endpoint::Launch(slot) => said(self.supervisor.launch(slot, read(body)?).await),
            Endpoint::Stop(slot) => said(self.supervisor.stop(slot, &read(body)?).await),
            Endpoint::Restart(slot) => said(self.supervisor.restart(slot, &read(body)?).await),
            Endpoint::Watch => said(self.watcher.watch(read(body)?).await),
            Endpoint::Windows => windows(query, &self.watcher).await,
            Endpoint::Secrets => Ok(answer::json(&Secrets { probe: self.probe.clone(), pins: None })),
            Endpoint::StartRun => said(self.start_run(read(body)?).await),
            Endpoint::EndRun => said(self.end_run(read(body)?).await),
            Endpoint::Settle => said(self.settle(read(body)?).await),
            Endpoint::Lease => Ok(answer::json(&self.lease.current())),
            Endpoint::Acquire => said(self.acquire(read(body)?).await),
            Endpoint::Renew => said(self.lease.renew(&read(body)?)),
            Endpoint::Release => said(self.lease.release(read(body)?).await),
            Endpoint::Views => said(self.hear_views(read(body)?)),
            Endpoint::Metrics => Ok(answer::text(self.metrics_text())),
            Endpoint::StopAgent => {
                self.ask_to_stop(read(body)?);
                Ok(answer::json(&()))
            }
        }
    }
}
