use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{Engine, Kind, Processes, Running, free_port, listens};
use crate::binary;

/// A service under the built `handover`, with the upstream deployed as its release: the edge is the agent's, with
/// everything else that an agent does.
///
/// Dropping it stops the release and the agent, and removes the folder.
#[derive(Debug)]
pub(super) struct Service {
    // In the order of their ends.
    _releases: Releases,
    agent: Running,
    listen: SocketAddr,
    pub(super) upstream: SocketAddr,
    pub(super) upstream_pid: u32,
    folder: TempDir,
}

impl Service {
    pub(super) async fn deployed() -> Result<Self, String> {
        let (binary, listen) = (binary::handover()?, free_port()?);
        let folder = set_up(listen).map_err(|why| format!("could not set up a service: {why}"))?;
        let handover = Handover { binary, folder: folder.path().to_owned() };
        let log = folder.path().join("agent.log");
        let agent = Running::start(handover.command().args(["agent", "run"]), &log)?;
        listens("the agent", listen, &log).await?;
        let releases = Releases(handover);
        releases.0.deploy().await?;
        let (upstream, upstream_pid) = told(folder.path())?;
        Ok(Self { _releases: releases, agent, listen, upstream, upstream_pid, folder })
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The agent's own process alone: the release below it is the upstream of all engines.
    pub(super) fn engine(&self) -> Engine {
        let (kind, processes) = (Kind::Edge, Processes::One(self.agent.pid()));
        Engine { kind, address: self.listen, processes, version: None, _running: None }
    }
}

/// Running releases, stopped together with the agent when dropped.
#[derive(Debug)]
struct Releases(Handover);

impl Drop for Releases {
    fn drop(&mut self) {
        // An agent that never started has nothing to stop.
        let mut stop = self.0.command();
        stop.args(["agent", "stop", "--releases"]).stdout(Stdio::null()).stderr(Stdio::null());
        let _ = stop.status();
    }
}

/// The built binary, at home in the service's folder.
#[derive(Debug)]
struct Handover {
    binary: PathBuf,
    folder: PathBuf,
}

impl Handover {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--state-dir").arg(self.folder.join("state")).current_dir(&self.folder);
        command.stdin(Stdio::null());
        command
    }

    async fn deploy(&self) -> Result<(), String> {
        let mut deploy = tokio::process::Command::from(self.command());
        deploy.args(["deploy", "--release", "v1", "--artifact", "release"]).kill_on_drop(true);
        let ended = deploy.output().await.map_err(|why| format!("handover deploy: {why}"))?;
        if ended.status.success() {
            return Ok(());
        }
        let said = [ended.stdout, ended.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
        Err(format!("handover deploy ended with {}\n{}", ended.status, said.concat().trim()))
    }
}

/// Settings as `handover init` suggests them, but for the times of the roll-out; and a release that is this program.
fn set_up(listen: SocketAddr) -> std::io::Result<TempDir> {
    let folder = TempDir::with_prefix("handover-bench-")?;
    let release = folder.path().join("release");
    fs::create_dir(&release)?;
    let (told, own) = (folder.path().join("upstream"), std::env::current_exe()?);
    let start = format!("echo \"$PORT $$\" > '{}'\nexec '{}' upstream\n", told.display(), own.display());
    fs::write(release.join("start.sh"), start)?;
    fs::write(folder.path().join("handover.toml"), settings(listen))?;
    Ok(folder)
}

fn settings(listen: SocketAddr) -> String {
    format!(
        r#"[service]
name = "bench"
listen = "{listen}"

[release]
artifact = "release"
command = "sh ./start.sh"

[health]
path = "/health/ready"

[strategy]
bake = "100ms"
"#
    )
}

/// Where the release listens, and which process it is.
fn told(folder: &Path) -> Result<(SocketAddr, u32), String> {
    let told = fs::read_to_string(folder.join("upstream")).map_err(|why| format!("the release: {why}"))?;
    let parsed = told.trim().split_once(' ').and_then(|(port, pid)| {
        Some((SocketAddr::from(([127, 0, 0, 1], port.parse().ok()?)), pid.parse().ok()?))
    });
    parsed.ok_or_else(|| format!("the release told {told:?} instead of its port and process"))
}
