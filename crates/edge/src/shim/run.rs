//! One child, from its start to the end of the last process of its group.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::Signal;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};

use super::log::{CappedLog, pump};
use super::{Exit, ShimConfig, ShimStatus, Work, env_file};
use crate::process::{self, ProcessId};

/// How often the group is looked at once its leader has gone.
const LOOK: Duration = Duration::from_millis(20);

/// For the last lines to reach the log after the last process has gone.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Why the child was not started.
#[derive(Debug, thiserror::Error)]
pub(super) enum ShimError {
    #[error("cannot read shim.json")]
    Config(#[source] io::Error),
    #[error("cannot write the log {}", path.display())]
    Log { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Env(#[from] env_file::EnvFileError),
    #[error("the release's folder {} cannot be entered", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("cannot run {what}")]
    Start { what: String, source: io::Error },
    #[error("cannot write status.json")]
    Status(#[source] io::Error),
}

impl ShimError {
    /// The error with its causes, for a file that holds one line.
    pub(super) fn in_one_line(&self) -> String {
        match std::error::Error::source(self) {
            Some(cause) => format!("{self}: {cause}"),
            None => self.to_string(),
        }
    }
}

/// Runs the child of `dir` to its end.
pub(super) fn run(dir: &Path) -> Result<(), ShimError> {
    let config = ShimConfig::read(dir).map_err(ShimError::Config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|source| ShimError::Start { what: "the shim".into(), source })?;
    runtime.block_on(supervise(dir, &config))
}

async fn supervise(dir: &Path, config: &ShimConfig) -> Result<(), ShimError> {
    // Before the child starts: a signal that comes while it starts must not end the shim.
    let start = |source| ShimError::Start { what: "the shim".into(), source };
    let mut terminate = signal(SignalKind::terminate()).map_err(start)?;
    let _hangups = signal(SignalKind::hangup()).map_err(start)?;
    let _interrupts = signal(SignalKind::interrupt()).map_err(start)?;
    let (mut child, logged) = spawn(dir, config)?;
    let mut status = ShimStatus {
        attempt: config.attempt,
        shim: ProcessId::current(),
        child: child.id().and_then(ProcessId::of),
        exit: None,
        error: None,
    };
    let group = child.id().unwrap_or(0);
    if let Err(e) = status.write(dir) {
        process::signal_group(group, Signal::KILL);
        return Err(ShimError::Status(e));
    }
    let ended = tokio::select! {
        ended = child.wait() => {
            process::signal_group(group, Signal::TERM);
            ended
        }
        _ = terminate.recv() => {
            process::signal_group(group, Signal::TERM);
            end_within(config.grace, &mut child, group).await
        }
    };
    clear_group(group, config.grace).await;
    let _ = timeout(LAST_LINES, logged).await;
    status.exit = Some(exit_of(ended.ok()));
    status.write(dir).map_err(ShimError::Status)
}

/// Starts the child as leader of a process group, with both its outputs going to the log.
fn spawn(dir: &Path, config: &ShimConfig) -> Result<(Child, tokio::sync::oneshot::Receiver<()>), ShimError> {
    let path = config.log_path(dir);
    let log_error = |source| ShimError::Log { path: path.clone(), source };
    let log = CappedLog::open(path.clone(), config.log_cap).map_err(log_error)?;
    let (reader, writer) = io::pipe().map_err(log_error)?;
    let mut command = command(config)?;
    command.stdin(Stdio::null());
    command.stdout(writer.try_clone().map_err(log_error)?).stderr(writer);
    command.process_group(0).kill_on_drop(false);
    let what = describe(&config.work);
    let child = command.spawn().map_err(|source| ShimError::Start { what, source })?;
    // `command` holds the pipe's writing ends: with them open the log would never end.
    drop(command);
    let (done, logged) = tokio::sync::oneshot::channel();
    // A thread, not a task: a disk that blocks must not delay a signal.
    std::thread::spawn(move || {
        pump(reader, log);
        let _ = done.send(());
    });
    Ok((child, logged))
}

fn command(config: &ShimConfig) -> Result<Command, ShimError> {
    let mut command = match &config.work {
        Work::Shell(line) => {
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(line);
            shell
        }
        Work::Program(words) => {
            let (program, arguments) = words.split_first().map_or(("", &[][..]), |(p, a)| (p.as_str(), a));
            let mut command = Command::new(program);
            command.args(arguments);
            command
        }
    };
    if let Some(file) = &config.env_file {
        command.envs(env_file::read(file)?);
    }
    command.envs(config.env.iter().map(|(name, value)| (name, value)));
    if let Some(path) = &config.cwd {
        std::fs::read_dir(path).map_err(|source| ShimError::Folder { path: path.clone(), source })?;
        command.current_dir(path);
    }
    Ok(command)
}

fn describe(work: &Work) -> String {
    match work {
        Work::Shell(_) => "sh".to_owned(),
        Work::Program(words) => words.first().cloned().unwrap_or_default(),
    }
}

async fn end_within(grace: Duration, child: &mut Child, group: u32) -> io::Result<ExitStatus> {
    if let Ok(ended) = timeout(grace, child.wait()).await {
        return ended;
    }
    process::signal_group(group, Signal::KILL);
    child.wait().await
}

/// Waits for what the leader left behind: a shell may be gone while the server it started still answers its last
/// requests. It has been asked once; many servers take a second SIGTERM for impatience.
async fn clear_group(group: u32, grace: Duration) {
    let gone = async {
        while process::group_lives(group) {
            sleep(LOOK).await;
        }
    };
    if timeout(grace, gone).await.is_err() {
        process::signal_group(group, Signal::KILL);
    }
}

/// A shell reports a signal's end as 128 + its number; people and programs want to hear of the signal.
fn exit_of(ended: Option<ExitStatus>) -> Exit {
    let Some(status) = ended else { return Exit { code: None, signal: None } };
    match status.code() {
        Some(code) if (129..=159).contains(&code) => Exit { code: None, signal: Some(code - 128) },
        code => Exit { code, signal: status.signal() },
    }
}
