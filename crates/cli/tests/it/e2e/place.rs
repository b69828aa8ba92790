use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use tempfile::TempDir;

use super::processes::{end_all_under, under};
use super::typed::{Ran, Typed};
use crate::handover::handover;

/// A folder with settings and state where no agent runs, and the environment of everything typed in it. Whatever was
/// started under it ends with it.
pub(super) struct Place {
    folder: TempDir,
    env: Vec<(&'static str, String)>,
    typed: AtomicU32,
}

impl Place {
    pub(super) fn new() -> Self {
        // The system's own folder for short paths: a socket's has room for a hundred bytes.
        let folder = tempfile::Builder::new().prefix("pl").tempdir().unwrap();
        Self { folder, env: Vec::new(), typed: AtomicU32::new(0) }
    }

    pub(super) fn set_env(&mut self, name: &'static str, value: impl Into<String>) {
        self.env.retain(|(known, _)| *known != name);
        self.env.push((name, value.into()));
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn command(&self) -> Command {
        let mut command = handover(self.folder.path());
        command.env("PATH", "/usr/bin:/bin").envs(self.env.clone());
        command
    }

    pub(super) fn start(&self, args: &[&str]) -> Typed {
        let mut command = self.command();
        command.args(args);
        let number = self.typed.fetch_add(1, Ordering::Relaxed);
        Typed::start(command, &self.path(&format!("typed-{number}")).display().to_string())
    }

    #[track_caller]
    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.start(args).wait()
    }

    pub(super) fn deploy(&self, release: &str) -> Typed {
        self.start(&["deploy", "--release", release, "--json"])
    }

    /// A script for `[release] launch`: each release is the sample service, told what the file of its name holds.
    pub(super) fn write_launcher(&self) {
        let launch = format!(
            "echo $RELEASE >> launched\nsetsid '{}' sample-service $(cat $RELEASE) > log-$SLOT 2>&1 < /dev/null &\necho $! > pid-$SLOT\n",
            env!("CARGO_BIN_EXE_handover")
        );
        self.write("launch.sh", &launch);
        self.write("v1", "");
        self.write("v2", "");
    }

    /// How often the release was launched.
    pub(super) fn launches(&self, release: &str) -> usize {
        let text = fs::read_to_string(self.path("launched")).unwrap();
        text.lines().filter(|line| *line == release).count()
    }

    /// Whether a process of it lives.
    pub(super) fn is_running(&self, release: &str) -> bool {
        under(self.folder.path()).into_iter().any(|pid| {
            let env = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let wanted = format!("RELEASE={release}");
            let told = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let told = told.split(|byte| *byte == 0).any(|word| word == release.as_bytes());
            told || env.split(|byte| *byte == 0).any(|entry| entry == wanted.as_bytes())
        })
    }

    fn roster(&self) -> Value {
        serde_json::from_slice(&fs::read(self.path("s/slots.json")).unwrap()).unwrap()
    }

    pub(super) fn stable(&self) -> String {
        let roster = self.roster();
        let slot = roster["stable"].as_str().unwrap();
        roster["seats"][slot]["release"].as_str().unwrap().to_owned()
    }

    /// The slot that is not stable's.
    pub(super) fn candidate(&self) -> &'static str {
        if self.roster()["stable"] == "green" { "blue" } else { "green" }
    }

    /// What was said, without what differs from run to run.
    pub(super) fn plain(&self, text: &str) -> String {
        text.replace(&self.folder.path().display().to_string(), "DIR")
    }

    /// Asserts that no file below the folder holds this text: what was said, state, journal.
    #[track_caller]
    pub(super) fn holds_nowhere(&self, text: &str) {
        let mut found = Vec::new();
        search(self.folder.path(), text.as_bytes(), &mut found);
        assert!(found.is_empty(), "{found:?}");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        end_all_under(self.folder.path());
    }
}

/// What settings end with that `handover init` began: everything short.
pub(super) fn short(min_time: &str) -> String {
    format!(
        r#"[health]
path = "/health/ready"
interval = "50ms"
start_limit = "5s"

[[smoke]]
path = "/smoke-test"

[strategy]
kind = "canary"
steps = [{{ weight = "10%", min_time = "{min_time}", min_requests = 0 }}]
bake = "1s"
drain = "2s"

[judge]
min_requests = 20
min_errors = 5
max_p95 = "20s"
max_p95_ratio = 100.0
"#
    )
}

/// The first of so many free ports in a row, which no other test of this run is given.
pub(super) fn ports_in_a_row(many: u16) -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = 12_000 + (std::process::id() % 60) * 256;
    loop {
        let next = NEXT.fetch_add(u32::from(many), Ordering::Relaxed);
        let port = u16::try_from(first + next).unwrap();
        if (port..port + many).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok()) {
            return port;
        }
    }
}

fn search(folder: &Path, text: &[u8], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, text, found);
        } else if fs::read(&path).is_ok_and(|bytes| bytes.windows(text.len()).any(|part| part == text)) {
            found.push(path);
        }
    }
}
