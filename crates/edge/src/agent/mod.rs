//! The long-lived process of one service on one host: it carries the traffic, looks after the releases, keeps the
//! lease, and acts when a driver does not.

mod core;
mod error;
mod metrics;
mod options;
mod reboot;
mod runs;
mod status;
mod views;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use handover_core::{SystemClock, Timestamp};
use handover_traffic::{Route, Split};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::admin::{self, AdminSocket};
use crate::driver::Drivers;
use crate::guard::Guard;
use crate::lease::LeaseKeeper;
use crate::local::{LocalSwitcher, RouteRecord};
use crate::lock::{DirLock, LockError};
use crate::proxy::Proxy;
use crate::start;
use crate::state::StateStore;
use crate::supervise::{Supervisor, new_pin};
use crate::tasks::Tasks;
use crate::windows::Watcher;
pub(crate) use core::Core;
pub use error::AgentError;
pub use options::AgentOptions;
use views::ViewBook;

/// The lock's name in the state directory.
const LOCK: &str = "agent.lock";

/// The agent of one service.
#[derive(Debug)]
pub struct Agent;

impl Agent {
    /// Runs until `stop` is ready or a client asks it to stop, then ends in order: it accepts nobody new, answers
    /// what it has begun, and leaves the releases running unless the client asked otherwise.
    ///
    /// Call it in a runtime with several threads: the state is written on threads for blocking work.
    ///
    /// # Errors
    ///
    /// See [`AgentError`]. Before it serves, anything that is wrong is an error; nothing has been touched then.
    ///
    /// # Cancellation
    ///
    /// Dropped, it is as if its process had been killed: connections end, the releases run on.
    pub async fn run(options: AgentOptions, stop: impl Future<Output = ()>) -> Result<(), AgentError> {
        let dir = prepare(&options.state_dir)?;
        let _lock = lock(&dir)?;
        let socket_path = admin::socket_path(&dir)?;
        let state = Arc::new(StateStore::open(&dir, &options.service, options.recover)?);
        let listener = listen(options.listen).await?;
        let metrics = match options.metrics {
            Some(addr) => Some(listen(addr).await?),
            None => None,
        };
        let tasks = EndWithThis(Tasks::default());
        let core = assemble(options, &dir, state, &tasks.0, &listener)?;
        take_up(&core, &tasks.0).await?;
        let socket = AdminSocket::open(socket_path)?;
        if let Some(listener) = metrics {
            tasks.0.spawn(metrics::serve(listener, Arc::clone(&core)));
        }
        tracing::info!(service = %core.service, listen = %core.listen, "the agent is up");
        let (end, ending) = watch::channel(false);
        let users = async {
            let served = serve(&core, listener, stop).await;
            end.send_replace(true);
            served
        };
        let admin = admin::serve(socket, Arc::clone(&core), tasks.0.clone(), ending);
        let (served, ()) = tokio::join!(users, admin);
        served
    }
}

/// Aborts every background task however the agent ends.
struct EndWithThis(Tasks);

impl Drop for EndWithThis {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn prepare(dir: &Path) -> Result<PathBuf, AgentError> {
    start::state_dir(dir).map_err(|source| AgentError::StateDir { path: dir.to_owned(), source })
}

fn lock(dir: &Path) -> Result<DirLock, AgentError> {
    DirLock::take(dir, LOCK).map_err(|error| match error {
        LockError::Held(pid) => AgentError::AlreadyRuns { dir: dir.to_owned(), pid },
        LockError::Failed(source) => AgentError::StateDir { path: dir.to_owned(), source },
    })
}

async fn listen(addr: SocketAddr) -> Result<TcpListener, AgentError> {
    start::listen(addr).await.map_err(|start::Taken { by, source }| AgentError::Listen { addr, by, source })
}

/// Puts the parts together; nothing goes on by itself yet.
fn assemble(
    options: AgentOptions,
    dir: &Path,
    state: Arc<StateStore>,
    tasks: &Tasks,
    listener: &TcpListener,
) -> Result<Arc<Core>, AgentError> {
    let probe = new_pin().map_err(AgentError::Randomness)?;
    let proxy = Proxy::new(options.proxy.with_probe_secret(Some(probe.clone())))?;
    let record = state.get().route.clone().unwrap_or_else(first_route);
    let switcher = Arc::new(LocalSwitcher::new(proxy.clone(), state.clone(), record));
    let clock = Arc::new(SystemClock::new());
    let lease = Arc::new(LeaseKeeper::new(options.lease_ttl, clock, state.clone()));
    let shim = options.shim;
    let supervisor =
        Arc::new(Supervisor::new(dir, shim.clone(), proxy.clone(), state.clone(), tasks.clone()));
    let drivers = Arc::new(Drivers::new(options.driver, shim, dir, state.clone(), tasks.clone()));
    let guard = Guard {
        state: state.clone(),
        lease: lease.clone(),
        switcher: switcher.clone(),
        proxy: proxy.clone(),
        supervisor: supervisor.clone(),
        drivers: drivers.clone(),
    };
    Ok(Arc::new(Core {
        service: options.service,
        listen: listener.local_addr().unwrap_or(options.listen),
        since: Timestamp::now(),
        watcher: Arc::new(Watcher::new(proxy.clone(), state.clone())),
        proxy,
        probe,
        state,
        switcher,
        lease,
        supervisor,
        drivers,
        guard: Arc::new(guard),
        views: ViewBook::default(),
        stop: watch::Sender::new(None),
    }))
}

/// Takes up what an earlier agent left, then begins everything that goes on by itself.
async fn take_up(core: &Arc<Core>, tasks: &Tasks) -> Result<(), AgentError> {
    reboot::take_up(core).await?;
    core.supervisor.resume().await;
    core.look_after_run().await;
    if let Err(denied) = core.watcher.resume().await {
        tracing::warn!(error = denied.into_inner().message, "cannot go on watching the run");
    }
    tasks.spawn(Arc::clone(&core.guard).watch());
    tasks.spawn(Arc::clone(&core.watcher).tick_for_ever());
    tasks.spawn(Arc::clone(core).sweep_for_ever());
    Ok(())
}

/// Before the first change everything goes to green: the first release runs in blue, and must not get a request
/// before somebody says so.
fn first_route() -> RouteRecord {
    RouteRecord::new(Route::serve(Split::ALL_GREEN))
}

async fn serve(core: &Core, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<(), AgentError> {
    let mut asked = core.stop_asked();
    let stopped = async {
        let mut stop = pin!(stop);
        tokio::select! {
            () = &mut stop => {}
            _ = asked.wait_for(Option::is_some) => {}
        }
    };
    core.proxy.serve(listener, stopped).await.map_err(AgentError::Serve)?;
    if core.stop_asked().borrow().as_ref().is_some_and(|request| request.releases) {
        core.supervisor.stop_processes().await;
    }
    Ok(())
}
