use std::sync::Arc;
use std::time::Duration;

use handover_core::Timestamp;

use super::check::Criticality;
use super::state::State;
use crate::{Lately, Measured, ProbeClass, ProbeError};

/// Whose health it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// The service.
    pub service: Arc<str>,
    /// The version of the release.
    pub version: Arc<str>,
    /// The process.
    pub pid: u32,
}

/// Everything known at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Whose.
    pub identity: Identity,
    /// How it stands towards traffic.
    pub state: State,
    /// When, on the wall clock.
    pub at: Timestamp,
    /// Since the health of this process began to be watched.
    pub uptime: Duration,
    /// Resident memory in bytes, where the system tells.
    pub rss: Option<u64>,
    /// The checks, in the order they were given; those of start-up apart.
    pub checks: Vec<CheckReport>,
    /// What has to pass before the process counts as started.
    pub startup: Vec<CheckReport>,
    /// What liveness rests on.
    pub live: Vec<LocalReport>,
}

/// What a check amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckStatus {
    /// Well.
    Ok,
    /// Not well.
    Error,
    /// Never answered yet, or not lately enough.
    Unknown,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckReport {
    /// Its name.
    pub name: Arc<str>,
    /// What its failure means.
    pub criticality: Criticality,
    /// What its answers amount to.
    pub status: CheckStatus,
    /// It fails everywhere, and so keeps nobody from traffic.
    pub failing_open: bool,
    /// The last failure; `None` after a good answer. Its detail is not for the public.
    pub error: Option<ProbeError>,
    /// How long the last good answer took.
    pub took: Option<Duration>,
    /// What it measured.
    pub measured: Option<Measured>,
    /// How old the last answer is.
    pub age: Option<Duration>,
    /// How many checks have ended.
    pub asked: u64,
    /// In how long a recovery shows, at most.
    pub recovers_in: Duration,
    /// Its recent past.
    pub lately: Lately,
}

/// One local probe.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LocalReport {
    /// Its name.
    pub name: Arc<str>,
    /// Why it says that the process is dead.
    pub error: Option<ProbeError>,
}

impl Report {
    /// What is known before anything was looked at.
    pub(super) fn empty(identity: Identity, state: State, at: Timestamp) -> Self {
        let (uptime, rss) = (Duration::ZERO, None);
        Self { identity, state, at, uptime, rss, checks: Vec::new(), startup: Vec::new(), live: Vec::new() }
    }

    /// Whether the process is worth keeping.
    pub fn is_alive(&self) -> bool {
        self.live.iter().all(|probe| probe.error.is_none())
    }

    /// Whether start-up is over.
    pub fn has_started(&self) -> bool {
        self.state != State::Starting
    }
}

impl CheckReport {
    /// Whether it keeps traffic away.
    pub fn blocks(&self) -> bool {
        self.criticality == Criticality::Critical && self.status != CheckStatus::Ok && !self.failing_open
    }

    /// What kind of failure the last answer was.
    pub fn class(&self) -> Option<ProbeClass> {
        self.error.as_ref().map(ProbeError::class)
    }
}

impl CheckStatus {
    /// As the answers spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Unknown => "unknown",
        }
    }
}

impl Criticality {
    /// As one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Degrades => "degrades",
            Self::Informs => "informs",
        }
    }
}
