//! What a run acts on: five small traits, so that a test, a machine and a platform are the same to the steps.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, ReleaseId, Retry, RunId, Slot};
use handover_monitor::source::SourceError;
pub use handover_monitor::source::WindowSource;
use handover_traffic::{Split, TrafficSwitcher};

use crate::{MigrationFiles, Outlook, RunFlags, SmokeSpec};

/// Something outside did not do as asked.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct WorldError {
    /// What went wrong, for a person.
    pub message: String,
    /// Whether trying again makes sense.
    pub retry: Retry,
    /// Somebody with a higher fence has acted.
    pub fenced: bool,
    /// What is underneath.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl WorldError {
    /// A final no.
    pub fn refused(message: impl Into<String>) -> Self {
        Self { message: message.into(), retry: Retry::Never, fenced: false, source: None }
    }
}

impl From<SourceError> for WorldError {
    fn from(error: SourceError) -> Self {
        let (message, retry) = (error.to_string(), error.retry());
        let source = std::error::Error::source(&error).map(|source| source.to_string().into());
        Self { message, retry, fenced: false, source }
    }
}

/// What runs in a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupant {
    /// Which release.
    pub release: ReleaseId,
    /// Every instance is ready.
    pub ready: bool,
    /// How often processes of it ended and were started again.
    pub restarts: u32,
    /// One line for a person: how many are ready, what the last probe said.
    pub summary: String,
    /// Why the launch failed, once that is certain: the cause, then the last log lines.
    pub failure: Option<(String, Vec<String>)>,
}

/// Starts and stops releases.
#[async_trait]
pub trait Launcher: std::fmt::Debug + Send + Sync {
    /// What runs in `slot`, if anything does.
    async fn look(&self, slot: Slot) -> Result<Option<Occupant>, WorldError>;
    /// Launches a frozen release; the same run, slot and release twice is once.
    async fn launch(
        &self,
        slot: Slot,
        release: &ReleaseId,
        run: &RunId,
        fence: Fence,
    ) -> Result<(), WorldError>;
    /// The last lines that the release launched by `run` logged, for the message of a failure; none where nobody knows.
    async fn last_lines(&self, _slot: Slot, _run: &RunId) -> Vec<String> {
        Vec::new()
    }
    /// Stops the release if it is there; refused while the slot has weight.
    async fn stop(&self, slot: Slot, release: &ReleaseId, fence: Fence) -> Result<(), WorldError>;
    /// Whether [`Launcher::stop`] ends anything: where it does, that traffic has gone must be proven before.
    fn stops(&self) -> bool {
        true
    }
    /// The release named stable, with its slot.
    async fn stable(&self) -> Result<Option<(Slot, ReleaseId)>, WorldError>;
    /// Names `release` in `slot` stable and keeps the other slot's release warm for `retain`.
    async fn settle(
        &self,
        slot: Slot,
        release: &ReleaseId,
        retain: Duration,
        fence: Fence,
    ) -> Result<(), WorldError>;
}

/// How one probe through the public address was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProbeAnswer {
    /// By this release.
    Release(ReleaseId),
    /// By nobody, or by something that does not say its release.
    Nobody(String),
}

/// The service as a user reaches it.
#[async_trait]
pub trait Front: std::fmt::Debug + Send + Sync {
    /// Runs one smoke test against `slot`, whatever the split. `Err` names what was answered instead.
    async fn smoke(&self, slot: Slot, test: &SmokeSpec) -> Result<(), WorldError>;
    /// Opens one fresh connection through the public address and asks who answers. Not counted as a user's request.
    async fn probe(&self) -> ProbeAnswer;
    /// Whether answers say which release they are from; without that nothing is proven from outside.
    fn names_releases(&self) -> bool {
        true
    }
    /// Whether probes are dealt out as users' requests are, so that a number of them says something about a share.
    fn deals_like_users(&self) -> bool {
        false
    }
}

/// One command at a fixed place of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookCall {
    /// `before_launch`, `before_shift`, ...
    pub name: &'static str,
    /// Run by `sh -c`.
    pub command: String,
    /// The folder it is run in.
    pub folder: PathBuf,
    /// The release the run rolls out.
    pub release: ReleaseId,
    /// Killed after this.
    pub limit: Duration,
    /// More of its environment.
    pub env: Vec<(String, String)>,
}

/// Runs hooks, each once per operation id.
#[async_trait]
pub trait HookRunner: std::fmt::Debug + Send + Sync {
    /// The exit code, if the hook of this run has ended; a command killed by a signal or its limit has none.
    async fn ended(&self, run: &RunId, hook: &HookCall) -> Result<Option<HookEnd>, WorldError>;
    /// Runs the hook to its end and remembers it.
    async fn run(&self, run: &RunId, hook: &HookCall) -> Result<HookEnd, WorldError>;
}

/// How a hook ended.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HookEnd {
    /// The exit code; `None` if a signal or the limit ended it.
    pub code: Option<i32>,
    /// The last lines it printed.
    pub tail: Vec<String>,
}

/// Everything a run acts on.
#[derive(Debug, Clone)]
pub struct World {
    /// Moves traffic.
    pub traffic: Arc<dyn TrafficSwitcher>,
    /// Starts and stops releases.
    pub launcher: Arc<dyn Launcher>,
    /// Yields windows to judge.
    pub windows: Arc<dyn WindowSource>,
    /// The public side.
    pub front: Arc<dyn Front>,
    /// Runs hooks.
    pub hooks: Arc<dyn HookRunner>,
    /// Sees the service from outside, where the plan has views.
    pub outlook: Option<Arc<Outlook>>,
    /// Keeps the service's flags, where the plan sets some.
    pub flags: Option<Arc<RunFlags>>,
    /// The files of the migrations that the plan has judged, where it has.
    pub migrations: Option<Arc<dyn MigrationFiles>>,
}

impl World {
    /// The split in force.
    pub(crate) async fn split(&self) -> Result<Split, handover_traffic::SwitchError> {
        Ok(self.traffic.observe().await?.route.split)
    }
}
