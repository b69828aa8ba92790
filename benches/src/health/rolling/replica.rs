use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use handover_testing::free_port;
use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::Failed;
use crate::ways::Dependencies;

/// What runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The example `axum_service`.
    Example,
    /// [`strategy`](crate::strategy): no snapshot, no drain.
    Strategy,
}

/// It keeps serving this long after SIGTERM: a probe a second, seen at the first 503, and some.
const DELAY_MS: &str = "3000";
const PATIENCE: Duration = Duration::from_mins(1);

/// One process of a service, on a port that it keeps over restarts.
pub(crate) struct Replica {
    kind: Kind,
    addr: SocketAddr,
    environment: Vec<(&'static str, String)>,
    child: Child,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Example => "with handover-health's drain",
            Self::Strategy => "the strategy's way",
        }
    }

    /// Both lie beside this program.
    fn program(self) -> Result<(PathBuf, &'static [&'static str]), Failed> {
        let own = std::env::current_exe()?;
        Ok(match self {
            Self::Example => (own.with_file_name("axum_service"), &[]),
            Self::Strategy => (own, &["strategy"]),
        })
    }

    fn spawn(self, environment: &[(&'static str, String)]) -> Result<Child, Failed> {
        let (program, words) = self.program()?;
        let mut command = Command::new(&program);
        command.args(words).env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
        let quiet =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        quiet.spawn().map_err(|why| format!("{}: {why}", program.display()).into())
    }
}

impl Replica {
    pub(crate) fn start(kind: Kind, dependencies: &Dependencies) -> Result<Self, Failed> {
        let addr = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let environment = vec![
            ("DATABASE_URL", dependencies.postgres.clone()),
            ("REDIS_URL", dependencies.redis.clone()),
            ("PORT", addr.port().to_string()),
            ("CHECK_PERIOD_MS", "1000".to_owned()),
            ("DRAIN_DELAY_MS", DELAY_MS.to_owned()),
        ];
        let child = kind.spawn(&environment)?;
        Ok(Self { kind, addr, environment, child })
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// SIGTERM, its end, another one in its place: as a platform does it.
    pub(crate) async fn restart(&mut self) -> Result<(), Failed> {
        let pid = self
            .child
            .id()
            .and_then(|pid| Pid::from_raw(pid.try_into().ok()?))
            .ok_or("a replica ended by itself")?;
        kill_process(pid, Signal::TERM)?;
        timeout(PATIENCE, self.child.wait()).await.map_err(|_| "a replica does not end")??;
        self.child = self.kind.spawn(&self.environment)?;
        let listens = async {
            while TcpStream::connect(self.addr).await.is_err() {
                sleep(Duration::from_millis(10)).await;
            }
        };
        Ok(timeout(PATIENCE, listens).await.map_err(|_| "a replica does not listen")?)
    }
}
