//! The demo's own folder: settings, three releases, state; and a free port.

use std::fs::{self, TryLockError};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use handover_edge::AgentClient;
use handover_edge::api::StopAgent;
use http::Uri;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::args::Globals;
use crate::context::{Access, Context};
use crate::exit::Exit;
use crate::output::{Colour, Output};
use crate::report::Failure;
use crate::run;

/// What each release does, as flags of the sample service.
const RELEASES: [(&str, &str); 3] = [("v1", ""), ("v2", ""), ("v3", "--fail-share 0.2")];

/// How long agent and releases may take to end: the grace of the demo's settings, and as much again.
const STRIKE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);

/// Everything the demo needs, gone again when it ends.
#[derive(Debug)]
pub(super) struct Scene {
    folder: TempDir,
    listen: SocketAddr,
    /// The surroundings in which its deployments run.
    pub(super) context: Context,
}

impl Scene {
    /// Writes the folder and finds a port.
    pub(super) fn set(output: Output) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| {
            Failure::new("could not set up the demo", Exit::Refused).because_of(&error)
        };
        let folder = TempDir::with_prefix("handover-demo-").map_err(failed)?;
        let listen = free_address().map_err(failed)?;
        let program = std::env::current_exe().map_err(failed)?;
        for (name, flags) in RELEASES {
            write_release(&folder.path().join(name), &program, flags).map_err(failed)?;
        }
        let config = folder.path().join("handover.toml");
        fs::write(&config, settings(listen)).map_err(failed)?;
        let globals = Globals {
            config: Some(config),
            state_dir: Some(folder.path().join("state")),
            json: output.json,
            color: Colour::Auto,
        };
        Ok(Self { context: Context::new(globals, output)?, folder, listen })
    }

    /// Starts the agent, which lives no longer than this process.
    pub(super) async fn start_agent(&self) -> Result<(), Failure> {
        let settings = self.context.settings()?;
        let state_dir = self.context.state_dir(&settings, Access::Write)?;
        run::start_own_agent(&settings, &state_dir).await
    }

    /// The release's files.
    pub(super) fn artifact(&self, release: &str) -> PathBuf {
        self.folder.path().join(release)
    }

    /// Where the users ask.
    pub(super) fn target(&self) -> Result<Uri, Failure> {
        let uri = format!("http://{}/", self.listen).parse();
        uri.map_err(|e: http::uri::InvalidUri| {
            Failure::new("could not address the demo", Exit::Bug).because_of(&e)
        })
    }

    /// Stops the agent and its releases, and waits until nothing writes into the folder: it goes with `self`.
    pub(super) async fn strike(&self) {
        let state = self.folder.path().join("state");
        // An agent that never started has nothing to stop.
        if AgentClient::in_state_dir(&state).stop(&StopAgent { releases: true }).await.is_ok() {
            until_free(&state.join("agent.lock")).await;
        }
    }
}

/// Waits until the agent's process has ended: its lock goes last.
async fn until_free(lock: &Path) {
    let deadline = Instant::now() + STRIKE;
    let held =
        || fs::File::open(lock).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
    while held() && Instant::now() < deadline {
        sleep(POLL).await;
    }
}

/// A port that was free a moment ago; the agent says so if somebody else was faster.
fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

fn write_release(folder: &Path, program: &Path, flags: &str) -> std::io::Result<()> {
    fs::create_dir(folder)?;
    let program = program.display().to_string().replace('\'', r"'\''");
    fs::write(folder.join("start.sh"), format!("exec '{program}' sample-service {flags}\n"))
}

/// As a user would write them, only in a hurry, and with limits that a laptop which also compiles does not trip over:
/// v3 goes for its errors.
fn settings(listen: SocketAddr) -> String {
    format!(
        r#"[service]
name = "demo"
listen = "{listen}"

[release]
artifact = "v1"
command = "sh ./start.sh"
grace = "5s"

[health]
path = "/health/ready"
interval = "100ms"

[[smoke]]
path = "/smoke-test"

[strategy]
kind = "canary"
steps = [
    {{ weight = "10%", min_time = "4s", min_requests = 50 }},
    {{ weight = "50%", min_time = "4s", min_requests = 50 }},
]
bake = "4s"
retain = "10m"
drain = "5s"

[judge]
max_p95 = "20s"
max_p95_ratio = 100.0
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Settings, SourceFile};

    #[test]
    fn the_demos_settings_are_ordinary_settings() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("handover.toml");
        fs::write(&file, settings("127.0.0.1:1".parse().unwrap())).unwrap();
        let source = SourceFile::open(Some(&file), folder.path()).unwrap();
        assert_eq!(Settings::read(&source).unwrap().service.name.as_str(), "demo");
    }
}
