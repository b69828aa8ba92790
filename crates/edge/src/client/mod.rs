//! Talks to a running agent over its Unix socket, or to an edge of its own over HTTP or HTTPS.
//!
//! One method per endpoint of [`crate::api`], a fresh connection per call: a call costs a fraction of a
//! millisecond, and there is no pool that could hand out a connection to an agent that is gone.

mod call;
mod error;
#[cfg(feature = "remote")]
mod remote;
mod socket;
mod source;

use std::path::{Path, PathBuf};
use std::time::Duration;

use handover_core::Slot;
use handover_monitor::Pairs;
use handover_traffic::{Change, Drained, Observed};
use http::Method;
use serde::Serialize;

use crate::api::{
    AgentStatus, DrainRequest, EdgeStatus, LaunchRequest, LeaseRequest, LeaseView, PanicRequest,
    RestartRequest, RunEnd, RunRequest, RunView, Secrets, SettleRequest, SlotView, StopAgent, StopRequest,
    ViewsSaid, WatchRequest, WatchView,
};
use call::Call;
pub use error::{Cause, ClientError, Place, Refusal};
#[cfg(feature = "remote")]
pub use remote::RemoteError;

/// For a call that the agent answers from memory, or after one write to disk.
const PROMPT: Duration = Duration::from_secs(10);

/// For a call that waits for processes to end: longer than any sensible grace and drain together.
const PATIENT: Duration = Duration::from_hours(1);

/// A client of the agent behind one socket, or of one edge of its own, which knows fewer of the calls.
///
/// # Cancellation
///
/// Every future may be dropped. What the agent was asked to do it does all the same: read the state back.
///
/// # Errors
///
/// Every method: [`ClientError::Unreachable`] (nothing was sent), [`ClientError::Unconfirmed`] (it may have
/// happened) or [`ClientError::Api`] (the agent said no).
#[derive(Debug, Clone)]
pub struct AgentClient {
    way: Way,
}

/// How it is reached.
#[derive(Debug, Clone)]
enum Way {
    Socket(PathBuf),
    #[cfg(feature = "remote")]
    Remote(Box<remote::Remote>),
}

impl Way {
    /// Where that is, for people.
    fn place(&self) -> Place {
        match self {
            Self::Socket(path) => Place::Socket(path.clone()),
            #[cfg(feature = "remote")]
            Self::Remote(remote) => Place::Address(remote.address().to_owned()),
        }
    }
}

#[expect(clippy::missing_errors_doc, reason = "said once, on the type: it is the same for every method")]
impl AgentClient {
    /// A client of the agent that listens on `socket`; nothing is opened yet.
    pub fn new(socket: impl Into<PathBuf>) -> Self {
        Self { way: Way::Socket(socket.into()) }
    }

    /// A client of the edge that is administered at `base`, such as `https://edge.example.com/`; nothing is opened yet.
    ///
    /// # Errors
    ///
    /// [`RemoteError`]: the address is none, or the system offers no TLS.
    #[cfg(feature = "remote")]
    pub fn remote(base: &str, token: crate::AdminToken) -> Result<Self, RemoteError> {
        Ok(Self { way: Way::Remote(Box::new(remote::Remote::new(base, token)?)) })
    }

    /// The agent's socket in the state directory `dir`.
    pub fn in_state_dir(dir: &Path) -> Self {
        Self::new(dir.join(crate::SOCKET_NAME))
    }

    /// Where it is looked for.
    pub fn place(&self) -> Place {
        self.way.place()
    }

    /// Everything the agent knows.
    pub async fn status(&self) -> Result<AgentStatus, ClientError> {
        self.get("/v1/status").json().await
    }

    /// Everything an edge of its own knows.
    pub async fn edge_status(&self) -> Result<EdgeStatus, ClientError> {
        self.get("/v1/edge").json().await
    }

    /// The route in force.
    pub async fn observe(&self) -> Result<Observed, ClientError> {
        self.get("/v1/route").json().await
    }

    /// Makes `change`.
    pub async fn apply(&self, change: &Change) -> Result<Observed, ClientError> {
        self.send(Method::PUT, "/v1/route", change)?.json().await
    }

    /// Takes everything to one slot now, without lease or journal.
    pub async fn panic(&self, request: &PanicRequest) -> Result<Observed, ClientError> {
        self.send(Method::POST, "/v1/panic", request)?.json().await
    }

    /// Waits until `slot` is idle, at most `limit`.
    pub async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, ClientError> {
        let request = DrainRequest { slot, limit_ms: millis(limit) };
        self.send(Method::POST, "/v1/drain", &request)?.within(limit.saturating_add(PROMPT)).json().await
    }

    /// What runs in `slot`.
    pub async fn slot(&self, slot: Slot) -> Result<SlotView, ClientError> {
        self.get(format!("/v1/slots/{slot}")).json().await
    }

    /// Launches a frozen release in `slot`; answers as soon as its processes are being started.
    ///
    /// The same run and release twice is once. A release without weight that is there already is stopped first.
    pub async fn launch(&self, slot: Slot, request: &LaunchRequest) -> Result<SlotView, ClientError> {
        self.send(Method::PUT, format!("/v1/slots/{slot}"), request)?.within(PATIENT).json().await
    }

    /// Stops what runs in `slot`; answers once it is empty.
    pub async fn stop_slot(&self, slot: Slot, request: &StopRequest) -> Result<SlotView, ClientError> {
        self.send(Method::DELETE, format!("/v1/slots/{slot}"), request)?.within(PATIENT).json().await
    }

    /// Replaces the slot's processes one by one; answers once the last new one is ready.
    pub async fn restart_slot(&self, slot: Slot, request: &RestartRequest) -> Result<SlotView, ClientError> {
        self.send(Method::POST, format!("/v1/slots/{slot}/restart"), request)?.within(PATIENT).json().await
    }

    /// Begins windows for a run.
    pub async fn watch(&self, request: &WatchRequest) -> Result<WatchView, ClientError> {
        self.send(Method::POST, "/v1/watch", request)?.json().await
    }

    /// The windows after number `after` (all that are kept for `None`), waiting up to `wait` for the first.
    ///
    /// An empty answer means that none was closed in time.
    pub async fn windows(&self, after: Option<u64>, wait: Duration) -> Result<Pairs, ClientError> {
        let wait_ms = millis(wait);
        let path = match after {
            Some(after) => format!("/v1/windows?after={after}&wait_ms={wait_ms}"),
            None => format!("/v1/windows?wait_ms={wait_ms}"),
        };
        self.get(path).within(wait.saturating_add(PROMPT)).json().await
    }

    /// Makes a run active and starts its driver.
    pub async fn start_run(&self, request: &RunRequest) -> Result<RunView, ClientError> {
        self.send(Method::PUT, "/v1/run", request)?.json().await
    }

    /// Ends the active run.
    pub async fn end_run(&self, request: &RunEnd) -> Result<RunView, ClientError> {
        self.send(Method::POST, "/v1/run/end", request)?.json().await
    }

    /// Names the stable release and retains, or stops, the one in the other slot.
    pub async fn settle(&self, request: &SettleRequest) -> Result<AgentStatus, ClientError> {
        self.send(Method::POST, "/v1/settle", request)?.within(PATIENT).json().await
    }

    /// The lease in force.
    pub async fn lease(&self) -> Result<Option<LeaseView>, ClientError> {
        self.get("/v1/lease").json().await
    }

    /// Asks for the service's lease.
    pub async fn acquire(&self, request: &LeaseRequest) -> Result<LeaseView, ClientError> {
        self.send(Method::POST, "/v1/lease/acquire", request)?.json().await
    }

    /// Keeps a lease for another time to live.
    pub async fn renew(&self, lease: &LeaseView) -> Result<LeaseView, ClientError> {
        self.send(Method::POST, "/v1/lease/renew", lease)?.json().await
    }

    /// Gives a lease back.
    pub async fn release(&self, lease: &LeaseView) -> Result<(), ClientError> {
        self.send(Method::POST, "/v1/lease/release", lease)?.json().await
    }

    /// What reaches the service as its own prober.
    pub async fn secrets(&self) -> Result<Secrets, ClientError> {
        self.get("/v1/secrets").json().await
    }

    /// Says what was counted at a run's views from outside, for the metrics; it takes the place of what was said before,
    /// and is forgotten with the run's end.
    pub async fn report_views(&self, said: &ViewsSaid) -> Result<(), ClientError> {
        self.send(Method::PUT, "/v1/views", said)?.json().await
    }

    /// The metrics, as Prometheus text.
    pub async fn metrics(&self) -> Result<String, ClientError> {
        self.get("/v1/metrics").text().await
    }

    /// Asks the agent to stop.
    pub async fn stop(&self, request: &StopAgent) -> Result<(), ClientError> {
        self.send(Method::POST, "/v1/stop", request)?.within(PATIENT).json().await
    }

    fn get(&self, path: impl Into<String>) -> Call<'_> {
        Call::new(&self.way, Method::GET, path.into(), Vec::new(), PROMPT)
    }

    fn send(
        &self,
        method: Method,
        path: impl Into<String>,
        body: &impl Serialize,
    ) -> Result<Call<'_>, ClientError> {
        let body = serde_json::to_vec(body)
            .map_err(|e| ClientError::Unreachable { at: self.place(), source: e.into() })?;
        Ok(Call::new(&self.way, method, path.into(), body, PROMPT))
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
