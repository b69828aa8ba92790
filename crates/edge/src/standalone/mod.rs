//! An edge that stands alone: in front of releases that somebody else runs at fixed addresses, administered over TCP.
//!
//! The same data plane as the agent's, the same promises of its route, none of the agent's care for processes. It is
//! for a service of its own in front of two private ones, on a platform that offers no shares.

mod desk;
mod error;
mod options;
mod state;

use std::net::SocketAddr;
use std::sync::Arc;

use handover_core::{BySlot, Slot, Timestamp};
use handover_traffic::{Route, Split};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::admin::{self, TcpDoor};
use crate::local::{LocalSwitcher, RouteRecord};
use crate::lock::{DirLock, LockError};
use crate::proxy::{Address, Proxy, ProxyOptions, Targets};
use crate::start;
use crate::tasks::Tasks;
use crate::token::AdminToken;
use crate::windows::Watcher;
use desk::Desk;
pub use error::StandaloneError;
pub use options::StandaloneOptions;
pub(crate) use state::STATE_FILE;
use state::{EdgeStore, open};

/// The lock's name in the state folder.
const LOCK: &str = "edge.lock";

/// An edge of its own, ready to serve.
#[derive(Debug)]
pub struct StandaloneEdge {
    desk: Arc<Desk>,
    users: TcpListener,
    admins: TcpListener,
    _lock: DirLock,
}

impl StandaloneEdge {
    /// Takes up what is in the state folder and listens, but answers nobody yet.
    ///
    /// # Errors
    ///
    /// See [`StandaloneError`]; whatever it was, nobody was answered.
    pub async fn open(options: StandaloneOptions) -> Result<Self, StandaloneError> {
        options.check()?;
        let unusable = |source| StandaloneError::StateDir { path: options.state_dir.clone(), source };
        let dir = start::state_dir(&options.state_dir).map_err(unusable)?;
        let lock = DirLock::take(&dir, LOCK).map_err(|error| match error {
            LockError::Held(pid) => StandaloneError::AlreadyRuns { dir: dir.clone(), pid },
            LockError::Failed(source) => unusable(source),
        })?;
        let state = Arc::new(open(&dir, options.recover)?);
        let users = listen(options.listen).await?;
        let admins = listen(options.admin).await?;
        let desk = Arc::new(assemble(options, state)?);
        Ok(Self { desk, users, admins, _lock: lock })
    }

    /// Where users come in.
    ///
    /// # Errors
    ///
    /// The system does not know the socket any more.
    pub fn listens_at(&self) -> std::io::Result<SocketAddr> {
        self.users.local_addr()
    }

    /// Where it is administered.
    ///
    /// # Errors
    ///
    /// As for [`StandaloneEdge::listens_at`].
    pub fn administered_at(&self) -> std::io::Result<SocketAddr> {
        self.admins.local_addr()
    }

    /// Serves until `stop` is ready, then ends in order: it accepts nobody new and answers what it has begun.
    ///
    /// # Errors
    ///
    /// [`StandaloneError::Serve`].
    ///
    /// # Cancellation
    ///
    /// Dropped, it is as if its process had been killed: connections end, the route is kept.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), StandaloneError> {
        let tasks = Tasks::default();
        if let Err(denied) = self.desk.watcher.resume().await {
            tracing::warn!(error = denied.into_inner().message, "cannot go on watching the run");
        }
        tasks.spawn(Arc::clone(&self.desk.watcher).tick_for_ever());
        let route = self.desk.switcher.record();
        tracing::info!(split = %route.route.split, revision = %route.revision, "the edge is up");
        let (end, ending) = watch::channel(false);
        let users = async {
            let served = self.desk.proxy.serve(self.users, stop).await;
            end.send_replace(true);
            served.map_err(StandaloneError::Serve)
        };
        let admin = admin::serve(TcpDoor(self.admins), Arc::clone(&self.desk), tasks.clone(), ending);
        let (served, ()) = tokio::join!(users, admin);
        tasks.abort();
        served
    }
}

async fn listen(addr: SocketAddr) -> Result<TcpListener, StandaloneError> {
    start::listen(addr).await.map_err(|start::Taken { by, source }| StandaloneError::Listen {
        addr,
        by,
        source,
    })
}

fn assemble(options: StandaloneOptions, state: Arc<EdgeStore>) -> Result<Desk, StandaloneError> {
    let StandaloneOptions { upstreams, token, begin, proxy, .. } = options;
    let (probe, pins) = secrets(&token);
    let proxy = new_proxy(proxy, &probe, &pins, upstreams.clone())?;
    let record = state.get().route.clone().unwrap_or_else(|| first_route(begin));
    Ok(Desk {
        since: Timestamp::now(),
        upstreams: upstreams.map(|_, addresses| addresses.iter().map(ToString::to_string).collect()),
        switcher: LocalSwitcher::new(proxy.clone(), state.clone(), record),
        watcher: Arc::new(Watcher::new(proxy.clone(), state.clone())),
        state,
        proxy,
        token,
        probe,
        pins,
    })
}

/// Made of the token, so that a run goes on probing through an edge that was started again, and nothing is written.
fn secrets(token: &AdminToken) -> (String, BySlot<String>) {
    (token.derive("probe"), BySlot::from_fn(|slot| token.derive(&format!("pin {slot}"))))
}

/// A proxy whose slots are settled from the start, under their own names: which release is in them is not known here.
fn new_proxy(
    options: ProxyOptions,
    probe: &str,
    pins: &BySlot<String>,
    upstreams: BySlot<Vec<Address>>,
) -> Result<Proxy, StandaloneError> {
    let proxy = Proxy::new(options.with_probe_secret(Some(probe.to_owned())))?;
    for (slot, instances) in [(Slot::Blue, upstreams.blue), (Slot::Green, upstreams.green)] {
        let release = slot.as_str().parse().map_err(StandaloneError::Name)?;
        proxy.set_targets(slot, Some(Targets { release, instances, pin: pins[slot].clone() }));
    }
    Ok(proxy)
}

/// Before the first change everything goes where the operator says that something runs.
fn first_route(begin: Slot) -> RouteRecord {
    tracing::info!(%begin, "no route was kept here: everything goes to one slot");
    RouteRecord::new(Route::serve(Split::all(begin)))
}
