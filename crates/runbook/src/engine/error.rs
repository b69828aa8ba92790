use std::borrow::Cow;

use handover_core::{Fence, Hint, Retry, RunId};

use crate::{Ending, JournalError, LeaseError};

/// Why a run did not come to a recorded end here.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The journal has no sealed plan for this run. Nothing was done.
    #[error("run {run} was never sealed")]
    Unsealed {
        /// Which run.
        run: RunId,
    },
    /// The program is not one the journal of this run fits. Nothing was done.
    #[error("the program does not fit run {run}: {because}")]
    Program {
        /// Which run.
        run: RunId,
        /// What does not fit.
        because: String,
    },
    /// The lease could not be had. Nothing was done.
    #[error("could not begin to drive run {run}")]
    Lease {
        /// Which run.
        run: RunId,
        /// Why.
        #[source]
        source: LeaseError,
    },
    /// Somebody else may act now, so this driver stopped at once, in the middle of what it did.
    #[error("this driver of run {run} lost its lease (fence {fence}) and stopped")]
    LeaseLost {
        /// Which run.
        run: RunId,
        /// The fence that is over.
        fence: Fence,
    },
    /// On the way forward nothing is done that cannot be recorded: the run stands where it was.
    #[error("run {run} stands still because its journal failed")]
    Journal {
        /// Which run.
        run: RunId,
        /// How.
        #[source]
        source: JournalError,
    },
    /// The way back was gone to its end, but the journal does not tell all of it.
    #[error("run {run} went back, but its journal could not be written")]
    Unrecorded {
        /// Which run.
        run: RunId,
        /// How it ended.
        ending: Ending,
        /// Why it was not recorded.
        #[source]
        source: JournalError,
    },
}

impl EngineError {
    /// What a caller may do next. Running the run again is always safe; this says whether it helps.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Unsealed { .. } | Self::Program { .. } | Self::LeaseLost { .. } => Retry::Never,
            Self::Lease { source, .. } => source.retry(),
            Self::Journal { source, .. } => source.retry(),
            Self::Unrecorded { .. } => Retry::AfterReadBack,
        }
    }
}

impl Hint for EngineError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Unsealed { .. } => Some("`handover history` lists the runs there are".into()),
            Self::Program { .. } => Some("resume it with the version of handover that began it".into()),
            Self::Lease { source, .. } => source.hint(),
            Self::LeaseLost { .. } => Some("`handover lease show` says who acts now".into()),
            Self::Journal { source, .. } => source.hint(),
            Self::Unrecorded { .. } => Some(
                "make room, then `handover abort`: it goes back again, which is harmless, and records it"
                    .into(),
            ),
        }
    }
}
