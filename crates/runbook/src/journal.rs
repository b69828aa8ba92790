//! Where records live.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, Hint, Retry, RunId, Timestamp};
use serde_json::Value;

use crate::{Body, Ending, Record};

/// An append-only chain of records per run.
///
/// # Contract
///
/// 1. An append is durable when it returns, and nothing is ever changed or removed.
/// 2. `next_seq` other than the chain's length is [`JournalError::Taken`]: somebody else wrote.
/// 3. A fence lower than the last record's is [`JournalError::Fenced`].
/// 4. Nothing follows [`Body::Ended`]: [`JournalError::Over`].
/// 5. A refused append writes nothing; of two at once exactly one succeeds.
/// 6. Reading checks every hash it passes: an edited record is [`JournalError::Corrupt`].
#[async_trait]
pub trait Journal: fmt::Debug + Send + Sync {
    /// Writes the record number `next_seq` of `run`.
    ///
    /// # Errors
    ///
    /// Nothing was written, except for [`JournalError::Unavailable`], where it may have been.
    ///
    /// # Cancellation
    ///
    /// A dropped append was either written whole or not at all.
    async fn append(
        &self,
        run: &RunId,
        next_seq: u64,
        fence: Fence,
        body: Body,
    ) -> Result<Record, JournalError>;

    /// The records of `run` from number `from_seq` on; none for a run nobody wrote to.
    ///
    /// # Errors
    ///
    /// The journal could not be read, or what it holds was not written by this format.
    async fn read(&self, run: &RunId, from_seq: u64) -> Result<Vec<Record>, JournalError>;

    /// Every run, the one written to last first.
    ///
    /// # Errors
    ///
    /// As [`Journal::read`].
    async fn runs(&self) -> Result<Vec<RunSummary>, JournalError>;

    /// Reads everything and checks every chain.
    ///
    /// # Errors
    ///
    /// As [`Journal::read`]; the first fault found.
    async fn verify(&self) -> Result<Checked, JournalError>;
}

/// One run in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSummary {
    /// Which.
    pub run: RunId,
    /// When its first record was written.
    pub began: Timestamp,
    /// When its last record was written.
    pub last: Timestamp,
    /// How it ended; `None` while it has not.
    pub ending: Option<Ending>,
    /// The sealed plan, in its owner's form.
    pub plan: Value,
}

/// What [`Journal::verify`] went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    /// Chains.
    pub runs: u64,
    /// Records in them.
    pub records: u64,
}

/// Why the journal was not written or not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Another driver wrote this record first. Nothing was written.
    #[error("record {seq} of run {run} has already been written by somebody else")]
    Taken {
        /// Which run.
        run: RunId,
        /// The number asked for.
        seq: u64,
    },
    /// Somebody with a higher fence has written. Nothing was written.
    #[error("run {run} has been taken over: its last record has fence {last}, this driver has {fence}")]
    Fenced {
        /// Which run.
        run: RunId,
        /// The fence of the refused writer.
        fence: Fence,
        /// The fence of the last record.
        last: Fence,
    },
    /// The run has ended. Nothing was written.
    #[error("run {run} is over")]
    Over {
        /// Which run.
        run: RunId,
    },
    /// A record is not what was written. Nothing was changed.
    #[error("record {seq} of run {run} is not what was written: its hash does not match")]
    Corrupt {
        /// Which run.
        run: RunId,
        /// The first record at fault.
        seq: u64,
    },
    /// A newer version wrote it. Nothing was changed.
    #[error("the journal has format {found}, this version knows up to {known}")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest one this version reads.
        known: u32,
    },
    /// It cannot be opened as it has to be. Nothing was changed.
    #[error("could not open {path}")]
    Closed {
        /// Which file.
        path: String,
        /// What the system said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The file is damaged, or is no journal at all. Nothing was changed.
    #[error("{path} cannot be read as a journal")]
    Unreadable {
        /// Which file.
        path: String,
        /// What the reading of it said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// There is no room to write. Nothing was written.
    #[error("no room left to write to {path}")]
    Full {
        /// Which file.
        path: String,
        /// What the system said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// Somebody else held the file for too long. Nothing was written.
    #[error("{path} is held by another process")]
    Busy {
        /// Which file.
        path: String,
        /// What the store said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The store did not answer as it should: the record may or may not have been written.
    #[error("could not {attempted}")]
    Unavailable {
        /// What was attempted, such as `write to /state/journal.db`.
        attempted: String,
        /// What the store said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl JournalError {
    /// What a caller may do next.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Taken { .. }
            | Self::Fenced { .. }
            | Self::Over { .. }
            | Self::Corrupt { .. }
            | Self::Newer { .. }
            | Self::Closed { .. }
            | Self::Unreadable { .. }
            | Self::Full { .. } => Retry::Never,
            Self::Busy { .. } => Retry::After(Duration::from_millis(500)),
            Self::Unavailable { .. } => Retry::AfterReadBack,
        }
    }
}

impl Hint for JournalError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Taken { .. } | Self::Fenced { .. } => {
                "another driver runs this now; `handover status --watch` follows it".into()
            }
            Self::Over { .. } => "`handover explain` says how it ended".into(),
            Self::Corrupt { .. } => {
                "somebody edited it: put a backup in its place, or move it aside to begin a new one".into()
            }
            Self::Newer { .. } => "use the version of handover that wrote it, or a newer one".into(),
            Self::Closed { .. } => {
                "see whether its folder exists and whether this user may write there".into()
            }
            Self::Unreadable { path, .. } => {
                format!("put a backup in its place, or move it aside with `mv {path} {path}.broken`").into()
            }
            Self::Full { .. } => {
                "free some space, then `handover resume`; `handover traffic shift --stable --now` needs none"
                    .into()
            }
            Self::Busy { .. } => "see who holds it with `handover lease show`, then try again".into(),
            Self::Unavailable { .. } => return None,
        })
    }
}
