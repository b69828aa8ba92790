use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use handover_core::{ServiceName, Timestamp};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::api::{LeaseRequest, LeaseView, StopAgent};
use crate::denied::Denied;
use crate::driver::Drivers;
use crate::guard::Guard;
use crate::lease::LeaseKeeper;
use crate::local::LocalSwitcher;
use crate::proxy::Proxy;
use crate::state::StateStore;
use crate::supervise::Supervisor;
use crate::windows::Watcher;

use super::views::ViewBook;

/// How often a retained release is looked at.
const SWEEP: Duration = Duration::from_secs(1);

/// The parts of a running agent, for its admin API.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) service: ServiceName,
    pub(crate) listen: SocketAddr,
    pub(crate) since: Timestamp,
    pub(crate) proxy: Proxy,
    /// Marks the prober's requests.
    pub(crate) probe: String,
    pub(crate) state: Arc<StateStore>,
    pub(crate) switcher: Arc<LocalSwitcher>,
    pub(crate) lease: Arc<LeaseKeeper>,
    pub(crate) supervisor: Arc<Supervisor>,
    pub(crate) drivers: Arc<Drivers>,
    pub(crate) guard: Arc<Guard>,
    pub(crate) watcher: Arc<Watcher>,
    /// What a run's driver counts at its views from outside.
    pub(crate) views: ViewBook,
    pub(super) stop: watch::Sender<Option<StopAgent>>,
}

impl Core {
    /// Gives out the lease; the traffic knows the new fence before its holder does.
    pub(crate) async fn acquire(&self, request: LeaseRequest) -> Result<LeaseView, Denied> {
        let lease = self.lease.acquire(request).await?;
        self.switcher
            .raise_fence(lease.fence)
            .await
            .map_err(|e| Denied::failed("cannot save the fence", &e))?;
        Ok(lease)
    }

    /// Every counter, in the text form that Prometheus reads.
    pub(crate) fn metrics_text(&self) -> String {
        self.proxy.metrics_text() + &self.views.text()
    }

    /// Asks the agent to end.
    pub(crate) fn ask_to_stop(&self, request: StopAgent) {
        self.stop.send_replace(Some(request));
    }

    /// What was asked of the agent about its end.
    pub(super) fn stop_asked(&self) -> watch::Receiver<Option<StopAgent>> {
        self.stop.subscribe()
    }

    /// Stops retained releases when their time is over.
    pub(super) async fn sweep_for_ever(self: Arc<Self>) {
        loop {
            sleep(SWEEP).await;
            self.supervisor.sweep().await;
        }
    }
}
