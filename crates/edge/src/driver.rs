//! The driver of the active run: a child process that the agent starts, and starts again until the run has ended.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use handover_core::RunId;
use tokio::time::sleep;

use crate::shim::{CommandPrefix, Found, NotStarted, Running, ShimConfig, ShimFolder, Work};
use crate::state::StateStore;
use crate::supervise::Backoff;
use crate::tasks::Tasks;

/// The driver's log in the run's folder.
const LOG: &str = "driver.log";

/// A driver says little; this is weeks of it.
const LOG_CAP: u64 = 4 * 1024 * 1024;

/// A driver that is asked to end finishes the call it is in.
const GRACE: Duration = Duration::from_secs(5);

/// Starts drivers and looks after the one of the active run.
#[derive(Debug)]
pub(crate) struct Drivers {
    command: Option<CommandPrefix>,
    shim: CommandPrefix,
    runs: PathBuf,
    state: Arc<StateStore>,
    tasks: Tasks,
    current: Mutex<Current>,
}

/// The driver of the run that was looked after last.
#[derive(Debug, Default)]
struct Current {
    run: Option<RunId>,
    running: Option<Arc<Running>>,
    started: u32,
}

impl Drivers {
    /// Without a command no driver is started: whoever made the run active drives it.
    pub(crate) fn new(
        command: Option<CommandPrefix>,
        shim: CommandPrefix,
        state_dir: &Path,
        state: Arc<StateStore>,
        tasks: Tasks,
    ) -> Self {
        let runs = state_dir.join("runs");
        Self { command, shim, runs, state, tasks, current: Mutex::default() }
    }

    /// Looks after the driver of `run` from now on; one that runs already is kept.
    pub(crate) fn look_after(self: &Arc<Self>, run: &RunId) {
        let Some(command) = self.command.clone() else { return };
        {
            let mut current = self.lock();
            if current.run.as_ref() == Some(run) {
                return;
            }
            *current = Current { run: Some(run.clone()), ..Current::default() };
        }
        let drivers = Arc::clone(self);
        let run = run.clone();
        self.tasks.spawn(async move { drivers.keep(&run, command).await });
    }

    /// The process id of the run's driver, while one lives, and how often one was started.
    pub(crate) fn of(&self, run: &RunId) -> (Option<u32>, u32) {
        let current = self.lock();
        if current.run.as_ref() != Some(run) {
            return (None, 0);
        }
        (current.running.as_ref().and_then(|running| running.child()), current.started)
    }

    /// Ends the driver by force; another is started while the run is active.
    pub(crate) fn kill(&self) {
        if let Some(running) = &self.lock().running {
            running.kill();
        }
    }

    async fn keep(&self, run: &RunId, command: CommandPrefix) {
        let folder = ShimFolder::new(self.runs.join(run.as_str()), self.shim.clone());
        let mut backoff = Backoff::new();
        while self.is_active(run) {
            backoff.launched();
            match self.find_or_start(&folder, run, &command).await {
                Ok(running) => self.attend(run, running).await,
                Err(NotStarted(why)) => tracing::error!(%run, why, "cannot start the driver"),
            }
            if self.is_active(run) {
                let pause = backoff.pause();
                tracing::warn!(%run, ?pause, "the driver has gone before its run ended; starting another");
                sleep(pause).await;
            }
        }
        self.note(run, |current| current.run = None);
    }

    async fn attend(&self, run: &RunId, running: Running) {
        let running = Arc::new(running);
        self.note(run, |current| {
            current.started = running.config().attempt;
            current.running = Some(Arc::clone(&running));
        });
        running.ended().await;
        self.note(run, |current| current.running = None);
    }

    /// Notes something of the run's driver, unless another run is looked after by now.
    fn note(&self, run: &RunId, change: impl FnOnce(&mut Current)) {
        let mut current = self.lock();
        if current.run.as_ref() == Some(run) {
            change(&mut current);
        }
    }

    async fn find_or_start(
        &self,
        folder: &ShimFolder,
        run: &RunId,
        command: &CommandPrefix,
    ) -> Result<Running, NotStarted> {
        match folder.find() {
            Found::Running(running) => Ok(running),
            Found::Begun(config) => folder.start_again(config).await,
            Found::Nothing => folder.start(config(1, run, command)).await,
            Found::Ended(before, _) => folder.start(config(before.attempt + 1, run, command)).await,
        }
    }

    fn is_active(&self, run: &RunId) -> bool {
        self.state.get().run.as_ref().is_some_and(|active| active.request.run == *run)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn config(attempt: u32, run: &RunId, command: &CommandPrefix) -> ShimConfig {
    let program = command.program.to_string_lossy().into_owned();
    let words = std::iter::once(program).chain(command.args.iter().cloned()).chain([run.to_string()]);
    ShimConfig {
        attempt,
        work: Work::Program(words.collect()),
        cwd: None,
        env_file: None,
        env: Vec::new(),
        port: None,
        grace: GRACE,
        log: LOG.to_owned(),
        log_cap: LOG_CAP,
    }
}
