use std::fmt;

use super::check::Criticality;
use super::report::{CheckReport, CheckStatus};
use crate::lifecycle::Stage;

/// How a process stands towards traffic.
///
/// `Starting` → `Ready` ↔ `Degraded` ↔ `Unready` → `Draining` → `Stopped`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Start-up is not over: a start-up check has not passed, or the first answer of a critical check is not there.
    Starting,
    /// All is well.
    Ready,
    /// Something is not well that users can do without for now.
    Degraded,
    /// A critical check fails, or is too old to be believed.
    Unready,
    /// On the way out: it still serves, and wants no new traffic.
    Draining,
    /// It serves no more.
    Stopped,
}

impl State {
    /// What these checks amount to at this stage of life.
    pub(crate) fn of(stage: Stage, checks: &[CheckReport]) -> Self {
        match stage {
            Stage::Starting => Self::Starting,
            Stage::Serving => Self::serving(checks),
            Stage::Draining | Stage::Closing | Stage::Cutting => Self::Draining,
            Stage::Stopped => Self::Stopped,
        }
    }

    fn serving(checks: &[CheckReport]) -> Self {
        let mut unwell = checks.iter().filter(|check| check.status != CheckStatus::Ok);
        let worst = unwell.try_fold(Self::Ready, |worst, check| match check.criticality {
            Criticality::Critical if !check.failing_open => Err(Self::Unready),
            Criticality::Critical | Criticality::Degrades => Ok(Self::Degraded),
            Criticality::Informs => Ok(worst),
        });
        worst.unwrap_or_else(|unready| unready)
    }

    /// Whether new traffic is wanted.
    pub const fn is_ready(self) -> bool {
        matches!(self, Self::Ready | Self::Degraded)
    }

    /// The state as one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Degraded => "degraded",
            Self::Unready => "unready",
            Self::Draining => "draining",
            Self::Stopped => "stopped",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
