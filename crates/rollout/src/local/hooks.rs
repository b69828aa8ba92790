//! Hooks as child processes of the driver.
//!
//! A file per hook under `runs/<run>/hooks/` says how it ended, so a resumed run does not run it again. A driver that
//! was killed while a hook ran leaves no such file: the hook is run again, with the same `$HANDOVER_OP` and
//! `$HANDOVER_ATTEMPT` one higher, and a command that must not act twice can tell by it.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use async_trait::async_trait;
use handover_core::{Retry, RunId};
use tokio::process::{Child, Command};

use crate::{HookCall, HookEnd, HookRunner, WorldError};

/// How many of the last lines are kept with the end.
const TAIL: usize = 20;

/// Runs hooks on this machine, logging under the state directory.
#[derive(Debug)]
pub struct LocalHooks {
    runs: PathBuf,
}

impl LocalHooks {
    /// Hooks of the runs of this state directory.
    pub fn new(state_dir: &Path) -> Self {
        Self { runs: state_dir.join("runs") }
    }

    fn paths(&self, run: &RunId, hook: &HookCall) -> Paths {
        let folder = self.runs.join(run.as_str()).join("hooks");
        let file = |ending: &str| folder.join(format!("{}.{ending}", hook.name));
        Paths { log: file("log"), end: file("json"), attempts: file("attempts"), folder }
    }
}

struct Paths {
    folder: PathBuf,
    log: PathBuf,
    end: PathBuf,
    attempts: PathBuf,
}

#[async_trait]
impl HookRunner for LocalHooks {
    async fn ended(&self, run: &RunId, hook: &HookCall) -> Result<Option<HookEnd>, WorldError> {
        let path = self.paths(run, hook).end;
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|e| trouble(&path, e.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(trouble(&path, error)),
        }
    }

    async fn run(&self, run: &RunId, hook: &HookCall) -> Result<HookEnd, WorldError> {
        let paths = self.paths(run, hook);
        fs::create_dir_all(&paths.folder).map_err(|e| trouble(&paths.folder, e))?;
        let attempt = count_attempt(&paths.attempts).map_err(|e| trouble(&paths.attempts, e))?;
        let child = spawn(run, hook, &paths.log, attempt).map_err(|e| trouble(&paths.log, e))?;
        let status = wait(child, hook).await.map_err(|e| trouble(&paths.log, e))?;
        let end = HookEnd { code: status.and_then(|s| s.code()), tail: tail(&paths.log) };
        remember(&paths.end, &end).map_err(|e| trouble(&paths.end, e))?;
        Ok(end)
    }
}

fn spawn(run: &RunId, hook: &HookCall, log: &Path, attempt: u32) -> io::Result<Child> {
    let out = fs::OpenOptions::new().create(true).append(true).open(log)?;
    let err = out.try_clone()?;
    Command::new("sh")
        .args(["-c", &hook.command])
        .current_dir(&hook.folder)
        .env("HANDOVER_RUN", run.as_str())
        .env("HANDOVER_OP", format!("{run}/{}", hook.name))
        .env("HANDOVER_ATTEMPT", attempt.to_string())
        .env("HANDOVER_HOOK", hook.name)
        .env("RELEASE", hook.release.as_str())
        .envs(hook.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

/// Waits for the end; past the limit, or when nobody waits any more, the whole process group is killed. Then there is no
/// status.
async fn wait(mut child: Child, hook: &HookCall) -> io::Result<Option<ExitStatus>> {
    let mut group = Group(child.id());
    if let Ok(status) = tokio::time::timeout(hook.limit, child.wait()).await {
        // What the command left running on purpose lives on.
        group.0 = None;
        return status.map(|s| s.signal().is_none().then_some(s));
    }
    drop(group);
    child.wait().await?;
    Ok(None)
}

/// A command with all it started: killed together, also when the run turns back in the middle of the hook.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        let pid = self.0.and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            // The group may be gone already; then there is nothing left to kill.
            let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
        }
    }
}

fn count_attempt(path: &Path) -> io::Result<u32> {
    let before = fs::read_to_string(path).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0_u32);
    let now = before.saturating_add(1);
    fs::write(path, now.to_string())?;
    Ok(now)
}

fn remember(path: &Path, end: &HookEnd) -> io::Result<()> {
    let temporary = path.with_extension("tmp");
    let mut file = fs::File::create(&temporary)?;
    file.write_all(&serde_json::to_vec(end)?)?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

fn tail(log: &Path) -> Vec<String> {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines[lines.len().saturating_sub(TAIL)..].to_vec()
}

fn trouble(path: &Path, error: io::Error) -> WorldError {
    WorldError {
        message: format!("could not use {}", path.display()),
        retry: Retry::Never,
        fenced: false,
        source: Some(Box::new(error)),
    }
}
