//! What a person asks of a run that is under way.

use std::fmt;

use async_trait::async_trait;
use handover_core::{RunId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::JournalError;

/// What a person asked of a run.
///
/// Every order is accepted and recorded in every state; where it has no meaning it has no effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
#[non_exhaustive]
pub enum Order {
    /// End the watch under way, if it may be skipped.
    Advance,
    /// End this and every further watch of the way forward that may be skipped.
    AdvanceAll,
    /// Begin no further effect and do not proceed; watches go on watching.
    Pause,
    /// The pause is over.
    Continue,
    /// Go back.
    TurnBack {
        /// The word the person used, such as `abort`; shown in the reason.
        verb: String,
        /// Why, where they said so.
        reason: Option<String>,
    },
    /// Yes, to what the run asked.
    Approve,
}

/// An order in the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbered {
    /// Its place in the book of its run; the first is 1, later ones are higher.
    pub number: u64,
    /// What.
    pub order: Order,
    /// Who.
    pub by: String,
    /// When it was given, on the wall clock.
    pub at: Timestamp,
}

/// The order book: people write, the driver of the run reads.
///
/// It is apart from the journal because the journal has one writer, and orders come from anywhere.
#[async_trait]
pub trait Orders: fmt::Debug + Send + Sync {
    /// The orders of `run` with a number above `number`, in order.
    ///
    /// # Errors
    ///
    /// The book could not be read.
    async fn after(&self, run: &RunId, number: u64) -> Result<Vec<Numbered>, JournalError>;

    /// Puts an order in the book, durably, and returns its number.
    ///
    /// # Errors
    ///
    /// The order was not written, except for [`JournalError::Unavailable`], where it may have been.
    async fn give(&self, run: &RunId, order: Order, by: &str) -> Result<u64, JournalError>;
}
