//! The agent's end of a shim: starting one, and finding one that an earlier agent started.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::Signal;
use serde::{Deserialize, Serialize};
use tokio::process::Command;
use tokio::time::{sleep, timeout};

use super::{Exit, ShimConfig, ShimStatus};
use crate::files;
use crate::process;

/// How often a file or a process is looked at. A process that an earlier agent started is not this one's child, so
/// its end is not announced.
const LOOK: Duration = Duration::from_millis(20);

/// For a shim to start its child: long on a loaded machine, never reached on a healthy one.
const START: Duration = Duration::from_secs(10);

/// What a shim needs beyond its child's grace to put the end on record.
const SPARE: Duration = Duration::from_secs(3);

/// A program and its first arguments; more are appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandPrefix {
    /// The program.
    pub program: PathBuf,
    /// Its first arguments.
    pub args: Vec<String>,
}

impl CommandPrefix {
    /// This program with these first arguments.
    pub fn new(program: impl Into<PathBuf>, args: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { program: program.into(), args: args.into_iter().map(Into::into).collect() }
    }
}

/// A folder in which one shim at a time works.
#[derive(Debug, Clone)]
pub(crate) struct ShimFolder {
    dir: PathBuf,
    prefix: CommandPrefix,
}

/// What a folder says about its shim.
#[derive(Debug)]
pub(crate) enum Found {
    /// No shim was ever told to start here.
    Nothing,
    /// One was told to, and has not said that it did.
    Begun(ShimConfig),
    /// It runs.
    Running(Running),
    /// It has ended.
    Ended(ShimConfig, Exit),
}

/// Why nothing runs; one line.
#[derive(Debug)]
pub(crate) struct NotStarted(pub(crate) String);

impl ShimFolder {
    pub(crate) fn new(dir: PathBuf, prefix: CommandPrefix) -> Self {
        Self { dir, prefix }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// What an earlier agent left here.
    pub(crate) fn find(&self) -> Found {
        let Ok(config) = ShimConfig::read(&self.dir) else { return Found::Nothing };
        match ShimStatus::read(&self.dir) {
            Ok(status) if status.attempt == config.attempt => {
                let running = Running { dir: self.dir.clone(), config, status };
                if running.status.exit.is_none() && running.shim_lives() {
                    Found::Running(running)
                } else {
                    let exit = running.exit_on_record();
                    Found::Ended(running.config, exit)
                }
            }
            _ => Found::Begun(config),
        }
    }

    /// Starts what `config` says and waits until it runs.
    pub(crate) async fn start(&self, config: ShimConfig) -> Result<Running, NotStarted> {
        let prepared = files::create_private_folder(&self.dir).and_then(|()| config.write(&self.dir));
        prepared.map_err(|e| NotStarted(format!("cannot write {}: {e}", self.dir.display())))?;
        self.start_again(config).await
    }

    /// Starts a shim on a configuration that is there already. Where one works here all the same, the lock in the
    /// folder ends the second, and this waits for the first.
    pub(crate) async fn start_again(&self, config: ShimConfig) -> Result<Running, NotStarted> {
        self.spawn().map_err(|e| NotStarted(format!("cannot run {}: {e}", self.prefix.program.display())))?;
        match timeout(START, self.begun(&config)).await {
            Ok(ShimStatus { error: Some(error), .. }) => Err(NotStarted(error)),
            Ok(status) => Ok(Running { dir: self.dir.clone(), config, status }),
            Err(_) => Err(NotStarted(format!(
                "{} did not start it within {START:?}",
                self.prefix.program.display()
            ))),
        }
    }

    fn spawn(&self) -> io::Result<()> {
        let mut command = Command::new(&self.prefix.program);
        command.args(&self.prefix.args).arg(&self.dir);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(false);
        let mut child = command.spawn()?;
        // Only so that it does not stay as a zombie: what became of it stands in its folder.
        tokio::spawn(async move { child.wait().await });
        Ok(())
    }

    async fn begun(&self, config: &ShimConfig) -> ShimStatus {
        loop {
            match ShimStatus::read(&self.dir) {
                Ok(status) if status.attempt == config.attempt => return status,
                _ => sleep(LOOK).await,
            }
        }
    }
}

/// A shim that runs, as far as is known.
#[derive(Debug)]
pub(crate) struct Running {
    dir: PathBuf,
    config: ShimConfig,
    status: ShimStatus,
}

impl Running {
    pub(crate) fn config(&self) -> &ShimConfig {
        &self.config
    }

    /// The child's process id.
    pub(crate) fn child(&self) -> Option<u32> {
        self.status.child.map(|child| child.pid)
    }

    /// The session that every process of the child belongs to.
    pub(crate) fn session(&self) -> u32 {
        self.status.shim.pid
    }

    /// Returns when the child itself has gone; the shim may still be clearing up after it.
    pub(crate) async fn child_gone(&self) {
        while self.status.child.is_some_and(process::ProcessId::is_alive) {
            sleep(LOOK).await;
        }
    }

    /// Returns when child and shim have gone, with how the child ended.
    pub(crate) async fn ended(&self) -> Exit {
        while self.shim_lives() {
            sleep(LOOK).await;
        }
        self.exit_on_record()
    }

    /// Asks it to end, waits for its grace, and ends it by force after that.
    pub(crate) async fn stop(&self) -> Exit {
        self.status.shim.signal(Signal::TERM);
        // The grace counts twice: once for the child, once for what it left behind.
        let patience = self.config.grace.saturating_mul(2).saturating_add(SPARE);
        if let Ok(exit) = timeout(patience, self.ended()).await {
            return exit;
        }
        self.kill();
        self.ended().await
    }

    /// Ends the child and everything it started at once; the shim puts it on record.
    pub(crate) fn kill(&self) {
        if let Some(child) = self.status.child.filter(|child| child.is_alive()) {
            process::signal_group(child.pid, Signal::KILL);
        } else {
            self.status.shim.signal(Signal::KILL);
        }
    }

    fn shim_lives(&self) -> bool {
        self.status.shim.is_alive()
    }

    /// A shim that was killed leaves no record, and perhaps its child: nobody would look after it.
    fn exit_on_record(&self) -> Exit {
        if let Some(child) = self.status.child.filter(|child| child.is_alive()) {
            process::signal_group(child.pid, Signal::KILL);
        }
        let status = ShimStatus::read(&self.dir).ok().filter(|status| status.attempt == self.config.attempt);
        status.and_then(|status| status.exit).unwrap_or(Exit { code: None, signal: None })
    }
}
