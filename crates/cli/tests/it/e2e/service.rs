use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};

use handover_core::Slot;
use handover_edge::api::AgentStatus;
use tempfile::TempDir;

use super::Config;
use super::processes::end_all_under;
use super::typed::{Ran, Typed};
use super::wait::{say, until};
use crate::handover::handover;

/// A service in a folder of its own: settings, releases as folders, state.
pub(super) struct Service {
    folder: TempDir,
    port: u16,
    typed: AtomicU32,
    env: Vec<(&'static str, String)>,
}

impl Service {
    /// The folder with its settings, and a well-behaved `v1`. Nothing runs yet.
    pub(super) fn new(config: &Config) -> Self {
        // The system's own folder for short paths: a socket's has room for a hundred bytes.
        let folder = tempfile::Builder::new().prefix("ho").tempdir().unwrap();
        let service = Self { folder, port: free_port(), typed: AtomicU32::new(0), env: Vec::new() };
        service.configure(config);
        service.write_release("v1", "");
        service
    }

    /// The same, with `v1` serving everything.
    #[track_caller]
    pub(super) fn serving(config: &Config) -> Self {
        let service = Self::new(config);
        service.deploy("v1").exits(0);
        service
    }

    /// With this in the environment of everything that is typed, and so of the agent that it starts.
    pub(super) fn with_env(mut self, name: &'static str, value: String) -> Self {
        self.env.push((name, value));
        self
    }

    pub(super) fn configure(&self, config: &Config) {
        fs::write(self.path("handover.toml"), config.text(self.port)).unwrap();
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn state(&self, name: &str) -> PathBuf {
        self.path("s").join(name)
    }

    /// A release that misbehaves as the sample service's `flags` say.
    pub(super) fn write_release(&self, name: &str, flags: &str) {
        let folder = self.path(name);
        fs::create_dir_all(&folder).unwrap();
        let script = format!("exec '{}' sample-service {flags}\n", env!("CARGO_BIN_EXE_handover"));
        fs::write(folder.join("start.sh"), script).unwrap();
    }

    /// The binary in the service's folder.
    pub(super) fn command(&self) -> Command {
        let mut command = handover(self.folder.path());
        command.env("PATH", "/usr/bin:/bin").envs(self.env.clone());
        command
    }

    /// Starts what somebody types in the service's folder.
    pub(super) fn start(&self, args: &[&str]) -> Typed {
        let mut command = self.command();
        command.args(args);
        self.start_command(command)
    }

    pub(super) fn start_command(&self, command: Command) -> Typed {
        let number = self.typed.fetch_add(1, Ordering::Relaxed);
        Typed::start(command, &self.path(&format!("typed-{number}")).display().to_string())
    }

    /// Types something and waits for its end.
    #[track_caller]
    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.start(args).wait()
    }

    /// Begins to deploy the folder `name` as the release `name`, followed as JSON.
    pub(super) fn start_deploy(&self, name: &str) -> Typed {
        self.start(&["deploy", "--release", name, "--artifact", name, "--json"])
    }

    #[track_caller]
    pub(super) fn deploy(&self, name: &str) -> Ran {
        self.start_deploy(name).wait()
    }

    /// What the agent says, if one answers.
    pub(super) fn status(&self) -> Option<AgentStatus> {
        serde_json::from_str(&self.ask_agent("/v1/status")?).ok()
    }

    /// The agent's metrics, as a Prometheus would get them.
    pub(super) fn metrics(&self) -> String {
        self.ask_agent("/v1/metrics").unwrap()
    }

    fn ask_agent(&self, path: &str) -> Option<String> {
        let mut socket = UnixStream::connect(self.state("agent.sock")).ok()?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: agent\r\nconnection: close\r\n\r\n");
        socket.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer).ok()?;
        Some(answer.split_once("\r\n\r\n")?.1.to_owned())
    }

    /// Waits until the agent says something that `look` looks for.
    #[track_caller]
    pub(super) fn until<T>(&self, what: &str, mut look: impl FnMut(&AgentStatus) -> Option<T>) -> T {
        until(what, || look(&self.status()?))
    }

    /// Requests that any release was given.
    pub(super) fn served(&self) -> u64 {
        let served = self.status().and_then(|status| status.route.served);
        served.map_or(0, |served| Slot::BOTH.into_iter().map(|slot| served[slot]).sum())
    }

    /// Waits until the candidate has this share, in basis points.
    #[track_caller]
    pub(super) fn until_candidate_has(&self, bps: u16) -> AgentStatus {
        self.until("the candidate has its share", |status| {
            let candidate = status.run.as_ref()?.request.candidate;
            (status.route.route.split.bps(candidate) == bps).then(|| status.clone())
        })
    }

    /// Waits until the agent looks after no run any more, and says how the last one ended.
    #[track_caller]
    pub(super) fn until_over(&self) -> String {
        self.until("the run is over", |status| match &status.run {
            Some(_) => None,
            None => status.last_end.clone().map(|end| end.ending),
        })
    }

    /// The release that is stable, and whether it has all the traffic.
    pub(super) fn stable(&self) -> (String, bool) {
        let status = self.status().unwrap();
        let (slot, release) = status.stable.unwrap();
        (release.to_string(), status.route.route.split.sole() == Some(slot))
    }

    /// How often a process of `release` was started, by what its logs say.
    pub(super) fn starts(&self, release: &str) -> usize {
        let wanted = format!("{release} listens on ");
        let mut starts = 0;
        for log in files_named(&self.state("slots"), "log") {
            let text = fs::read_to_string(log).unwrap();
            starts += text.lines().filter(|line| line.starts_with(&wanted)).count();
        }
        starts
    }

    /// The folders of what was ever launched in `slot`: one for each run that did.
    pub(super) fn launches(&self, slot: Slot) -> usize {
        fs::read_dir(self.state("slots").join(slot.to_string())).map_or(0, Iterator::count)
    }

    /// How many drivers a run needed.
    pub(super) fn drivers(&self, run: &str) -> u64 {
        let text = fs::read(self.state("runs").join(run).join("shim.json")).unwrap();
        serde_json::from_slice::<serde_json::Value>(&text).unwrap()["attempt"].as_u64().unwrap()
    }

    /// Ends every process of the service, without asking.
    pub(super) fn end_everything(&self) {
        end_all_under(self.folder.path());
    }

    /// Takes out of a text what differs from run to run.
    pub(super) fn plain(&self, text: &str) -> String {
        // As an address: a process may well have the same number.
        let text = text.replace(&self.folder.path().display().to_string(), "DIR");
        text.replace(&format!(":{}", self.port), ":PORT")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = fs::read_to_string(self.state("agent.log")).unwrap_or_default();
            say(&format!("the agent's log:\n{log}"));
        }
        self.end_everything();
    }
}

/// Files of this name at any depth.
fn files_named(folder: &Path, name: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_named(&path, name));
        } else if entry.file_name() == name {
            found.push(path);
        }
    }
    found
}

/// A port for users, below the agent's range for releases and the system's for outgoing connections.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 2_000 + u16::try_from(std::process::id() % 60).unwrap() * 128;
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
