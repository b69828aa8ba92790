//! A state directory with an agent in it, and the helpers to look at both.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use handover_core::{Fence, OpId, ReleaseId, RunId, Slot, Timestamp};
use handover_edge::api::{
    AgentStatus, HealthSpec, LaunchRequest, ReleaseSpec, RunRequest, SettleRequest, SlotView, StopRequest,
};
use handover_edge::{AgentClient, ArtifactSource, ReleaseStore};
use handover_traffic::{Change, Expected, Observed, Route, Split};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

/// Beyond every wait in these tests on a machine that is fast enough to build them.
const LIMIT: Duration = Duration::from_secs(30);

pub(crate) struct Bench {
    dir: tempfile::TempDir,
    pub(crate) listen: SocketAddr,
    pub(crate) client: AgentClient,
    pub(crate) ttl: Duration,
    pub(crate) driver: &'static str,
    agent: Option<Child>,
    next: AtomicU64,
}

impl Bench {
    /// An agent without a driver, whose leases outlive every test.
    pub(crate) async fn start() -> Self {
        Self::with(LIMIT * 10, "none").await
    }

    pub(crate) async fn with(ttl: Duration, driver: &'static str) -> Self {
        let mut bench = Self::without_agent(ttl, driver);
        bench.run_agent().await;
        bench
    }

    pub(crate) fn without_agent(ttl: Duration, driver: &'static str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let listen = free_address();
        let client = AgentClient::in_state_dir(&dir.path().join("state"));
        Self { dir, listen, client, ttl, driver, agent: None, next: AtomicU64::new(0) }
    }

    pub(crate) fn state_dir(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.state_dir().join("agent.sock")
    }

    /// The agent's command, ready to be started.
    pub(crate) fn agent_command(&self) -> Command {
        let mut command = Command::new(example("test_agent"));
        let ttl = self.ttl.as_millis().to_string();
        command.arg("agent").arg(self.state_dir()).args([&self.listen.to_string(), &ttl, self.driver]);
        command.stdin(Stdio::null());
        command
    }

    pub(crate) async fn run_agent(&mut self) {
        let mut agent = self.agent_command().spawn().unwrap();
        let answers = async || {
            assert_eq!(agent.try_wait().unwrap(), None, "the agent has ended");
            self.client.status().await.ok()
        };
        until("the agent answers", answers).await;
        self.agent = Some(agent);
    }

    /// SIGKILL, as a crash or the kernel does it.
    pub(crate) fn kill_agent(&mut self) {
        let mut agent = self.agent.take().unwrap();
        agent.kill().unwrap();
        agent.wait().unwrap();
    }

    pub(crate) async fn kill_and_restart_agent(&mut self) {
        self.kill_agent();
        self.run_agent().await;
    }

    /// Waits for the agent to end by itself.
    pub(crate) async fn agent_ended(&mut self) -> Option<i32> {
        let mut agent = self.agent.take().unwrap();
        until("the agent has ended", async || agent.try_wait().unwrap()).await.code()
    }

    pub(crate) fn signal_agent(&self, signal: Signal) {
        let pid = i32::try_from(self.agent.as_ref().unwrap().id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    pub(crate) fn spec(id: &str, mode: &str) -> ReleaseSpec {
        ReleaseSpec {
            id: id.parse().unwrap(),
            command: format!("exec {} {mode}", example("test_service").display()),
            env_file: None,
            instances: 1,
            grace: Duration::from_secs(5),
            health: HealthSpec {
                path: "/ready".into(),
                interval: Duration::from_millis(50),
                timeout: Duration::from_secs(2),
                rise: 1,
                fall: 2,
                start_limit: LIMIT,
            },
            in_place: None,
            log_cap: 100_000,
            frozen_at: Timestamp::default(),
        }
    }

    /// A folder of its own for each release, so that tests can put files into it.
    pub(crate) fn freeze(&self, spec: ReleaseSpec) -> ReleaseId {
        let id = spec.id.clone();
        let source = self.dir.path().join("dist").join(id.as_str());
        std::fs::create_dir_all(&source).unwrap();
        std::fs::write(source.join("name"), id.as_str()).unwrap();
        ReleaseStore::new(self.state_dir()).freeze(&ArtifactSource::Directory(source), spec).unwrap();
        id
    }

    pub(crate) fn release_files(&self, id: &ReleaseId) -> PathBuf {
        self.state_dir().join("releases").join(id.as_str()).join("files")
    }

    pub(crate) async fn fence(&self) -> Fence {
        let status = self.client.status().await.unwrap();
        let leased = status.lease.map(|lease| lease.fence);
        status.route.fence.max(leased).unwrap()
    }

    pub(crate) async fn launch(&self, slot: Slot, release: &ReleaseId, run: &str) -> SlotView {
        let request =
            LaunchRequest { run: run.parse().unwrap(), release: release.clone(), fence: self.fence().await };
        self.client.launch(slot, &request).await.unwrap()
    }

    pub(crate) async fn ready(&self, slot: Slot) -> SlotView {
        let what = format!("{slot} is ready");
        let ready = async || {
            let view = self.client.slot(slot).await.ok()?;
            assert_eq!(view.failure, None, "{view:?}");
            view.ready().then_some(view)
        };
        until(&what, ready).await
    }

    pub(crate) async fn failure(&self, slot: Slot) -> SlotView {
        let failed = async || self.client.slot(slot).await.ok().filter(|view| view.failure.is_some());
        until("the launch fails", failed).await
    }

    /// Freezes and launches a release of the test service and waits until it is ready.
    pub(crate) async fn run(&self, slot: Slot, id: &str, instances: u16) -> SlotView {
        let release = self.freeze(ReleaseSpec { instances, ..Self::spec(id, "good") });
        self.launch(slot, &release, &format!("run-{id}")).await;
        self.ready(slot).await
    }

    /// v1 in blue with all of the traffic, v2 in green with none.
    pub(crate) async fn run_both(&self) {
        self.run(Slot::Blue, "v1", 1).await;
        self.shift(Split::ALL_BLUE).await;
        self.run(Slot::Green, "v2", 1).await;
    }

    pub(crate) async fn stop(&self, slot: Slot, release: &str) -> SlotView {
        let request = StopRequest { release: release.parse().unwrap(), fence: self.fence().await };
        self.client.stop_slot(slot, &request).await.unwrap()
    }

    pub(crate) async fn shift(&self, split: Split) -> Observed {
        let op = OpId::new(format!("shift-{}", self.next.fetch_add(1, Ordering::Relaxed)));
        let route = Route::serve(split);
        let change = Change { route, expected: Expected::Any, op, fence: self.fence().await };
        self.client.apply(&change).await.unwrap()
    }

    pub(crate) async fn settle(&self, stable: Slot, release: &str, retain: Duration) -> AgentStatus {
        let retain_ms = u64::try_from(retain.as_millis()).unwrap();
        let release = release.parse().unwrap();
        let request = SettleRequest { stable, release, retain_ms, fence: self.fence().await };
        self.client.settle(&request).await.unwrap()
    }

    /// Makes a run active: green against blue.
    pub(crate) async fn start_run(&self, run: &str) -> RunId {
        let run: RunId = run.parse().unwrap();
        let request = RunRequest { run: run.clone(), candidate: Slot::Green, stable: Some(Slot::Blue) };
        self.client.start_run(&request).await.unwrap();
        run
    }

    /// One request of a user, over a connection of its own.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        get(self.listen, path).await.unwrap()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Some(agent) = &mut self.agent {
            let _ = agent.kill();
            let _ = agent.wait();
        }
        end_processes_of(self.dir.path());
    }
}

/// Ends every process that works in the folder or was told of it. A shim may have been on its way when its agent was
/// killed: so until there is nobody.
pub(crate) fn end_processes_of(dir: &Path) {
    while end_those_seen(dir) > 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn end_those_seen(dir: &Path) -> usize {
    let dir = dir.to_string_lossy();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let own = pids.filter(|pid: &i32| {
        let proc = Path::new("/proc").join(pid.to_string());
        let command = std::fs::read(proc.join("cmdline")).unwrap_or_default();
        let folder = std::fs::read_link(proc.join("cwd")).unwrap_or_default();
        String::from_utf8_lossy(&command).contains(&*dir) || folder.to_string_lossy().contains(&*dir)
    });
    own.filter_map(Pid::from_raw).filter(|pid| kill_process(*pid, Signal::KILL).is_ok()).count()
}

/// An address that stays free while no agent listens there: the system gives other ports to outgoing connections.
fn free_address() -> SocketAddr {
    loop {
        let addr = (Ipv4Addr::LOCALHOST, fastrand::u16(10_000..32_000)).into();
        if TcpListener::bind(addr).is_ok() {
            return addr;
        }
    }
}

pub(crate) fn read_json(path: &Path) -> serde_json::Value {
    std::fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// Sends one request and reads the answer to its end.
pub(crate) async fn get(to: SocketAddr, path: &str) -> std::io::Result<(u16, String)> {
    ask(to, "GET", path).await
}

/// Sends one request without a body and reads the answer to its end.
pub(crate) async fn ask(to: SocketAddr, method: &str, path: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(to).await?;
    stream
        .write_all(format!("{method} {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n").as_bytes())
        .await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    match (status, body) {
        (Some(status), Some(body)) => Ok((status, body)),
        _ => Err(std::io::Error::other(format!("no answer: {text:?}"))),
    }
}

/// Waits for a condition; the limit is for a test that fails, not for one that passes.
pub(crate) async fn until<T>(what: &str, mut check: impl AsyncFnMut() -> Option<T>) -> T {
    let wait = async {
        loop {
            if let Some(found) = check().await {
                return found;
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    let began = Instant::now();
    timeout(LIMIT, wait).await.unwrap_or_else(|_| panic!("waited {:?} in vain until {what}", began.elapsed()))
}

pub(crate) fn kill(pid: u32) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
}

pub(crate) fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

pub(crate) fn pids(view: &SlotView) -> Vec<u32> {
    view.instances.iter().map(|instance| instance.pid.unwrap()).collect()
}

/// A program of this crate's examples, which cargo builds beside its tests.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.parent().and_then(Path::parent).unwrap().join("examples").join(name);
    assert!(path.exists(), "{} is built by `cargo test` or `cargo build --examples`", path.display());
    path
}
