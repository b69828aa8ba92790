//! The engines, each a real process on a port of its own in a temporary folder, all before one upstream.

mod edge;
mod haproxy;
mod nginx;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clap::ValueEnum;
use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::cpu::Processes;

/// Whoever needs longer to start will not.
const START: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// No engine: the upstream itself
    Direct,
    /// handover's edge, in the agent of a deployed service
    Edge,
    Haproxy,
    Nginx,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Edge => "edge",
            Self::Haproxy => "HAProxy",
            Self::Nginx => "nginx",
        }
    }
}

/// Something that takes requests.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) kind: Kind,
    pub(crate) address: SocketAddr,
    pub(crate) processes: Processes,
    /// Its name and version, for those of other people's.
    pub(crate) version: Option<String>,
    pub(crate) _running: Option<Running>,
}

/// All engines, and the upstream behind them; dropped, everything stops.
#[derive(Debug)]
pub(crate) struct Engines {
    pub(crate) all: Vec<Engine>,
    pub(crate) upstream: Processes,
    _service: edge::Service,
}

/// Starts the upstream, as a release of handover's, and those engines; all where `only` names none.
pub(crate) async fn start(only: &[Kind]) -> Result<Engines, String> {
    let service = edge::Service::deployed().await?;
    let mut all = Vec::new();
    for kind in Kind::value_variants().iter().filter(|kind| only.is_empty() || only.contains(kind)) {
        all.push(match kind {
            Kind::Direct => direct(service.upstream),
            Kind::Edge => service.engine(),
            Kind::Haproxy => haproxy::start(service.upstream, service.folder()).await?,
            Kind::Nginx => nginx::start(service.upstream, service.folder()).await?,
        });
    }
    Ok(Engines { all, upstream: Processes::One(service.upstream_pid), _service: service })
}

const fn direct(upstream: SocketAddr) -> Engine {
    let (kind, processes) = (Kind::Direct, Processes::None);
    Engine { kind, address: upstream, processes, version: None, _running: None }
}

/// A process that is told to end, and waited for, when dropped.
#[derive(Debug)]
pub(crate) struct Running(Child);

impl Running {
    /// Starts it; what it complains about goes into `log`.
    fn start(command: &mut Command, log: &Path) -> Result<Self, String> {
        let started = std::fs::File::create(log)
            .and_then(|log| command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn());
        let named = || command_name(command);
        started.map(Self).map_err(|why| format!("{} did not start: {why}", named()))
    }

    fn pid(&self) -> u32 {
        self.0.id()
    }
}

fn command_name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which is just as well.
        if let Some(pid) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let _ = self.0.wait();
    }
}

/// A port that was free a moment ago; the engine says so if somebody else was faster.
fn free_port() -> Result<SocketAddr, String> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    bound.map_err(|why| format!("no free port: {why}"))
}

/// Waits until somebody listens there; what is in `log` is the reason where nobody does.
async fn listens(name: &str, address: SocketAddr, log: &Path) -> Result<(), String> {
    let until = Instant::now() + START;
    while TcpStream::connect(address).await.is_err() {
        if Instant::now() >= until {
            let said = std::fs::read_to_string(log).unwrap_or_default();
            return Err(format!("{name} does not listen after {START:?}\n{}", said.trim()));
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// The program where the system's own paths have it: it is not on every user's.
fn system(program: &str) -> Command {
    let beside = Path::new("/usr/sbin").join(program);
    if beside.is_file() { Command::new(beside) } else { Command::new(program) }
}
