use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use handover_edge::AgentClient;
use tempfile::TempDir;
use tokio::process::Command;

use crate::binary;
use crate::deployment::Deployment;
use crate::report::Report;

/// A service of its own under the real binary: settings, releases, state and agent in a temporary folder.
///
/// Dropping it stops the agent with its releases, and removes the folder.
#[derive(Debug)]
pub(crate) struct Service {
    folder: TempDir,
    binary: PathBuf,
    /// Where users arrive.
    pub(crate) listen: SocketAddr,
}

impl Service {
    /// Writes the settings with this `[strategy]` section; nothing runs yet.
    pub(crate) fn set_up(strategy: &str) -> Result<Self, String> {
        let binary = binary::handover()?;
        let prepared = || -> std::io::Result<Self> {
            let folder = TempDir::with_prefix("handover-soak-")?;
            // Free a moment ago; the agent says so if somebody else was faster.
            let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
            fs::write(folder.path().join("handover.toml"), settings(listen, strategy))?;
            Ok(Self { folder, binary, listen })
        };
        prepared().map_err(|why| format!("could not set up a service: {why}"))
    }

    /// A client of its agent.
    pub(crate) fn agent(&self) -> AgentClient {
        AgentClient::in_state_dir(&self.state())
    }

    /// Where its journal is.
    pub(crate) fn journal(&self) -> PathBuf {
        self.state().join("journal.db")
    }

    /// Starts an agent in place of one that was killed; it logs beside the settings.
    pub(crate) fn start_agent(&self) -> Result<(), String> {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.agent_log());
        let started = log.and_then(|log| self.handover().args(["agent", "run"]).stderr(log).spawn());
        started.map(drop).map_err(|why| format!("could not start an agent: {why}"))
    }

    /// The last lines of agents that were started in place of killed ones.
    pub(crate) fn agent_said(&self) -> String {
        let all = fs::read_to_string(self.agent_log()).unwrap_or_default();
        let lines: Vec<_> = all.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }

    /// Keeps the folder for a look, where the soak does not hold.
    pub(crate) fn conclude(&mut self, outcome: Result<Report, String>) -> Result<Report, String> {
        if outcome.as_ref().map_or(true, |report| !report.broken().is_empty()) {
            self.folder.disable_cleanup(true);
            eprintln!("kept for a look: {}", self.folder.path().display());
        }
        outcome
    }

    /// Begins to deploy a release of the sample service that misbehaves as `flags` say.
    pub(crate) fn deploy(&self, release: &str, flags: &str) -> Result<Deployment, String> {
        let artifact = self.folder.path().join(release);
        self.write_release(&artifact, flags).map_err(|why| format!("could not write {release}: {why}"))?;
        let mut command = self.handover();
        command.args(["--json", "deploy", "--release", release, "--artifact"]).arg(artifact);
        Deployment::begin(release, command)
    }

    /// How often a process of this release was started.
    pub(crate) fn launches(&self, release: &str) -> usize {
        let all = fs::read_to_string(self.folder.path().join("launches")).unwrap_or_default();
        all.lines().filter(|line| *line == release).count()
    }

    /// The binary, at home in the service's folder.
    fn handover(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--state-dir").arg(self.state()).current_dir(self.folder.path());
        command.stdin(Stdio::null());
        command
    }

    fn agent_log(&self) -> PathBuf {
        self.folder.path().join("agent.log")
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Each start of a process leaves a line behind, in a file outside the release.
    fn write_release(&self, artifact: &Path, flags: &str) -> std::io::Result<()> {
        fs::create_dir(artifact)?;
        let (launches, binary) = (self.folder.path().join("launches"), &self.binary);
        let start = format!(
            "echo \"$RELEASE\" >> '{}'\nexec '{}' sample-service {flags}\n",
            launches.display(),
            binary.display()
        );
        fs::write(artifact.join("start.sh"), start)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let mut stop = std::process::Command::new(&self.binary);
        stop.arg("--state-dir").arg(self.state()).current_dir(self.folder.path());
        // An agent that never started has nothing to stop.
        let _ =
            stop.args(["agent", "stop", "--releases"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// As a user would write them, only in a hurry.
fn settings(listen: SocketAddr, strategy: &str) -> String {
    format!(
        r#"[service]
name = "soak"
listen = "{listen}"

[release]
artifact = "."
command = "sh ./start.sh"
grace = "5s"

[health]
path = "/health/ready"
interval = "100ms"

[[smoke]]
path = "/smoke-test"

[strategy]
{strategy}
"#
    )
}
