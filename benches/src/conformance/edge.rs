//! The edge as it is deployed: an agent with a release in each slot, moved through its socket, seen by a user outside.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Slot, Timestamp};
use handover_edge::api::{HealthSpec, LaunchRequest, ReleaseSpec, SlotView, StopAgent};
use handover_edge::{
    Agent, AgentClient, AgentOptions, AgentSwitcher, ArtifactSource, CommandPrefix, ReleaseStore,
};
use handover_traffic::testkit::{OpenRequest, Opened, Subject};
use handover_traffic::{Split, TrafficSwitcher, TrafficSwitcherExt};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixListener};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

use crate::edge_path::{EdgePath, Loss};

/// Whoever needs longer to start will not.
const START: Duration = Duration::from_secs(20);

/// An agent on a thread of its own; dropping it stops the releases, then the agent, then removes its folder.
pub(crate) struct Edge {
    switcher: AgentSwitcher,
    path: EdgePath,
    listen: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    agent: Option<JoinHandle<()>>,
    folder: TempDir,
}

impl Edge {
    /// `v1` in blue, where everything goes, and `v2` in green.
    pub(crate) async fn start() -> Result<Self, String> {
        let folder = TempDir::with_prefix("handover-conformance-").map_err(|why| why.to_string())?;
        let (state, listen) = (folder.path().join("state"), free_port()?);
        let (stop, stopped) = oneshot::channel();
        let options = options(&state, listen)?;
        let client = AgentClient::in_state_dir(&state);
        let agent = std::thread::spawn({
            let client = client.clone();
            move || run(options, client, stopped)
        });
        let path = EdgePath::start(folder.path(), state.join(handover_edge::SOCKET_NAME))
            .map_err(|why| why.to_string())?;
        let switcher = AgentSwitcher::new(AgentClient::new(path.socket.clone()));
        let edge = Self { switcher, path, listen, stop: Some(stop), agent: Some(agent), folder };
        until("the agent answers", async || client.status().await.is_ok()).await?;
        edge.launch(&client, Slot::Blue, "v1").await?;
        edge.switcher.shift_to(Split::ALL_BLUE, OpId::new("first")).await.map_err(|why| why.to_string())?;
        edge.launch(&client, Slot::Green, "v2").await?;
        Ok(edge)
    }

    async fn launch(&self, client: &AgentClient, slot: Slot, release: &str) -> Result<(), String> {
        let spec = spec(release)?;
        let (release, source) = (spec.id.clone(), ArtifactSource::Directory(self.artifact()?));
        ReleaseStore::new(self.state()).freeze(&source, spec).map_err(|why| why.to_string())?;
        let run =
            format!("run-{release}").parse().map_err(|why: handover_core::NameError| why.to_string())?;
        let request = LaunchRequest { run, release, fence: Fence::ZERO };
        client.launch(slot, &request).await.map_err(|why| why.to_string())?;
        until("the release is ready", async || client.slot(slot).await.is_ok_and(|view| view.ready())).await
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Nothing is in it: the release is this very program.
    fn artifact(&self) -> Result<PathBuf, String> {
        let folder = self.folder.path().join("artifact");
        std::fs::create_dir_all(&folder).map_err(|why| why.to_string())?;
        Ok(folder)
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        drop(self.stop.take());
        // A panic of the agent's thread was printed by itself.
        let _ = self.agent.take().map(JoinHandle::join);
    }
}

#[async_trait]
impl Subject for Edge {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.switcher
    }

    /// The answer says at once which release gives it, and does not end.
    async fn open_request(&self) -> Opened {
        match ask(self.listen).await {
            Ok((stream, answer)) if answer.ends_with("v1") => {
                Opened::At(OpenRequest::new(Slot::Blue, stream))
            }
            Ok((stream, answer)) if answer.ends_with("v2") => {
                Opened::At(OpenRequest::new(Slot::Green, stream))
            }
            Ok((_, answer)) => Opened::Nowhere(answer),
            Err(why) => Opened::Nowhere(why.to_string()),
        }
    }

    /// An agent that takes a request and is gone.
    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        let path = self.folder.path().join("silent.sock");
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(&path).ok()?;
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read_u8().await;
            }
        });
        Some(Arc::new(AgentSwitcher::new(AgentClient::new(path))))
    }

    /// The releases in both slots with their processes: they are the supervisor's, not the switcher's.
    async fn foreign(&self) -> Option<String> {
        let client = AgentClient::in_state_dir(&self.state());
        let (blue, green) = (client.slot(Slot::Blue).await.ok()?, client.slot(Slot::Green).await.ok()?);
        let processes = |view: SlotView| -> Vec<_> { view.instances.iter().map(|one| one.pid).collect() };
        let releases = [blue.release.clone(), green.release.clone()];
        Some(format!("{releases:?} as {:?} and {:?}", processes(blue), processes(green)))
    }

    /// One of the next calls to the agent goes wrong, or its answer does.
    async fn strike(&self, number: u64) -> Option<String> {
        let before = number % 2;
        let loss = [Loss::Request, Loss::Answer, Loss::Rest][usize::try_from(number / 2 % 3).ok()?];
        self.path.strike(before, loss);
        Some(format!("{loss:?} lost after {before} calls"))
    }

    async fn calm(&self) {
        self.path.calm();
    }
}

/// The agent's thread.
#[expect(clippy::print_stderr, reason = "nobody else hears why an agent ended")]
fn run(options: AgentOptions, client: AgentClient, stopped: oneshot::Receiver<()>) {
    let Ok(runtime) = tokio::runtime::Runtime::new() else { return };
    let stop = async move {
        let _ = stopped.await;
        // Asked this way, it stops its releases too.
        let _ = client.stop(&StopAgent { releases: true }).await;
    };
    if let Err(why) = runtime.block_on(Agent::run(options, stop)) {
        eprintln!("the agent: {why}");
    }
}

fn options(state: &Path, listen: SocketAddr) -> Result<AgentOptions, String> {
    let own = std::env::current_exe().map_err(|why| why.to_string())?;
    let service = "conformance".parse().map_err(|why: handover_core::NameError| why.to_string())?;
    Ok(AgentOptions::new(service, listen, state, CommandPrefix::new(own, ["shim"])))
}

fn spec(release: &str) -> Result<ReleaseSpec, String> {
    let own = std::env::current_exe().map_err(|why| why.to_string())?;
    Ok(ReleaseSpec {
        id: release.parse().map_err(|why: handover_core::NameError| why.to_string())?,
        command: format!("exec '{}' release", own.display()),
        env_file: None,
        instances: 1,
        grace: Duration::from_secs(5),
        health: HealthSpec {
            path: "/ready".into(),
            interval: Duration::from_millis(100),
            timeout: Duration::from_secs(2),
            rise: 1,
            fall: 2,
            start_limit: START,
        },
        in_place: None,
        log_cap: 100_000,
        frozen_at: Timestamp::now(),
    })
}

/// A user's request, up to the name of the release.
async fn ask(address: SocketAddr) -> std::io::Result<(TcpStream, String)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /stream HTTP/1.1\r\nhost: service.example\r\n\r\n").await?;
    let mut answer = Vec::new();
    while !names_a_release(&answer) && stream.read_buf(&mut answer).await? > 0 {}
    Ok((stream, String::from_utf8_lossy(&answer).into_owned()))
}

/// Whether two bytes follow the head: names are that long, and so is nothing that comes before them.
fn names_a_release(answer: &[u8]) -> bool {
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n");
    head.is_some_and(|head| answer.len() >= head + 4 + "v1".len())
}

/// A port that was free a moment ago; the agent says so if somebody else was faster.
fn free_port() -> Result<SocketAddr, String> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    bound.map_err(|why| format!("no free port: {why}"))
}

async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) -> Result<(), String> {
    let limit = Instant::now() + START;
    while !so().await {
        if Instant::now() >= limit {
            return Err(format!("waited {START:?} in vain until {what}"));
        }
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
