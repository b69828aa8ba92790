//! What the agent tells a shim, and what the shim tells whoever looks.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::files::{self, Survives};
use crate::process::ProcessId;

const CONFIG: &str = "shim.json";
const STATUS: &str = "status.json";

/// What a shim runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Work {
    /// By `sh -c`.
    Shell(String),
    /// A program and its arguments.
    Program(Vec<String>),
}

/// `shim.json`: written by the agent before the shim starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShimConfig {
    /// Counts the launches in this folder, so that an old status is not taken for a new one.
    pub(crate) attempt: u32,
    /// What to run.
    pub(crate) work: Work,
    /// Where; the agent's own folder where absent.
    pub(crate) cwd: Option<PathBuf>,
    /// Read at launch; the values go to the child and nowhere else.
    pub(crate) env_file: Option<PathBuf>,
    /// Set for the child; nothing secret.
    pub(crate) env: Vec<(String, String)>,
    /// The port the child is to listen on, where it is an instance.
    pub(crate) port: Option<u16>,
    /// From SIGTERM to SIGKILL.
    pub(crate) grace: Duration,
    /// The log's file name in the folder.
    pub(crate) log: String,
    /// The log is rotated at this many bytes.
    pub(crate) log_cap: u64,
}

impl ShimConfig {
    pub(crate) fn read(dir: &Path) -> io::Result<Self> {
        read_json(&dir.join(CONFIG))
    }

    pub(crate) fn write(&self, dir: &Path) -> io::Result<()> {
        write_json(&dir.join(CONFIG), self)
    }

    pub(crate) fn log_path(&self, dir: &Path) -> PathBuf {
        dir.join(&self.log)
    }
}

/// `status.json`: written by the shim when its child started, and when it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShimStatus {
    /// The attempt of [`ShimConfig::attempt`] this is about.
    pub(crate) attempt: u32,
    /// The shim itself.
    pub(crate) shim: ProcessId,
    /// Its child, which leads a process group of its own.
    pub(crate) child: Option<ProcessId>,
    /// How the child ended.
    pub(crate) exit: Option<Exit>,
    /// Why it could not be started.
    pub(crate) error: Option<String>,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Exit {
    /// Its code, where it exited by itself.
    pub(crate) code: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
}

impl ShimStatus {
    pub(crate) fn read(dir: &Path) -> io::Result<Self> {
        read_json(&dir.join(STATUS))
    }

    pub(super) fn write(&self, dir: &Path) -> io::Result<()> {
        write_json(&dir.join(STATUS), self)
    }
}

fn read_json<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}

/// Not synced: these files describe processes, and none of those survives a loss of power.
fn write_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    files::replace(path, &serde_json::to_vec(value)?, Survives::Crash)
}
