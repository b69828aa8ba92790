use std::fmt;
use std::path::PathBuf;

use handover_flags::FlagName;
use handover_runbook::StepName;
use serde::{Deserialize, Serialize};

/// A flag that a run sets, and what becomes of it when the run goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagChange {
    /// Which flag: its gate, the plain `feature:<flag>`.
    pub flag: FlagName,
    /// On or off.
    pub to: bool,
    /// When.
    pub at: FlagMoment,
    /// What the way back does with it.
    #[serde(default)]
    pub on_rollback: OnRollback,
}

/// Where the flags of a service are kept, as the journal may keep it: without a password.
///
/// Nothing here opens it; whoever makes the world of a run does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagStoreAt {
    /// At this address.
    Address(String),
    /// At the address in this variable of the environment of whoever drives the run.
    Variable(String),
    /// At the address that is the first line of this file.
    File(PathBuf),
}

/// When a run sets a flag: right before or after a step of its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlagMoment {
    /// Before the candidate is launched, after the hook `before_launch`: for what it reads when it starts.
    BeforeLaunch,
    /// Before the candidate's first traffic, after its smoke tests and the hook `before_shift`.
    BeforeShift,
    /// Once the candidate has all of the traffic, and that is proven: the bake judges it with the flag.
    AtFull,
    /// After the bake, before the candidate is named stable: the last moment from which the run goes back.
    AfterBake,
}

/// What the way back does with a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnRollback {
    /// Puts it back to what it was, if this run changed it and nobody has since.
    #[default]
    Restore,
    /// Leaves it.
    Keep,
    /// Turns it off, whether this run had turned it on or not.
    Kill,
}

/// What the steps of flags are called begins so.
const STEPS: &str = "flags-";
/// The step that turns flags off on the way back.
const KILL: &str = "flags-kill";
/// The step that puts flags back.
const RESTORE: &str = "flags-restore";

impl FlagChange {
    /// The gate's text.
    pub(crate) const fn text(&self) -> &'static str {
        if self.to { "true" } else { "false" }
    }
}

impl FlagMoment {
    /// In the order in which a run comes to them.
    pub const ALL: [Self; 4] = [Self::BeforeLaunch, Self::BeforeShift, Self::AtFull, Self::AfterBake];

    /// As it is written in plans and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BeforeLaunch => "before-launch",
            Self::BeforeShift => "before-shift",
            Self::AtFull => "at-full",
            Self::AfterBake => "after-bake",
        }
    }

    /// The step that sets flags at this moment.
    pub(crate) fn step(self) -> StepName {
        StepName::new(format!("{STEPS}{self}"))
    }

    /// The moment whose step this is.
    pub(crate) fn of_step(step: &StepName) -> Option<Self> {
        Self::ALL.into_iter().find(|moment| moment.step() == *step)
    }
}

impl fmt::Display for FlagMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

pub(crate) fn kill_step() -> StepName {
    StepName::new(KILL)
}

pub(crate) fn restore_step() -> StepName {
    StepName::new(RESTORE)
}

/// Whether a step of this name sees to flags on the way back.
pub(crate) fn is_step_back(step: &StepName) -> bool {
    *step == kill_step() || *step == restore_step()
}

/// Whether a step of this name is about flags.
pub(crate) fn is_step_of_flags(step: &StepName) -> bool {
    FlagMoment::of_step(step).is_some() || is_step_back(step)
}
