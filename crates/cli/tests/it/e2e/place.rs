use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::super::typed::{Ran, Typed};
use crate::handover::handover;

/// A folder with settings and state, the environment of everything typed in it, and a runtime for a stand-in.
pub(super) struct Place {
    folder: TempDir,
    runtime: Runtime,
    env: Vec<(&'static str, String)>,
    typed: AtomicU32,
}

impl Place {
    pub(super) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("pl").tempdir().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { folder, runtime, env: Vec::new(), typed: AtomicU32::new(0) }
    }

    /// Runs something of the stand-in's.
    pub(super) fn run_here<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
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

    pub(super) fn stable(&self) -> String {
        let roster: Value = serde_json::from_slice(&fs::read(self.path("s/slots.json")).unwrap()).unwrap();
        let slot = roster["stable"].as_str().unwrap();
        roster["seats"][slot]["release"].as_str().unwrap().to_owned()
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
