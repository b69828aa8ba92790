use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use crate::windows::reading::Reading;
use crate::windows::tier::Snapshot;

/// Which stretch of the past to read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Window {
    /// The last so much time, up to 15 minutes; up to a minute it is cut by the second, beyond by the minute.
    Last(Duration),
    /// The last so many requests, up to this moment, whatever their outcome. Only where each request is kept:
    /// [`Series::keeping_last`](crate::Series::keeping_last).
    LastN(NonZeroU32),
    /// Since a mark, however long ago.
    Since(Mark),
}

/// A moment to read from: what had been counted by then.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Whose moment it is.
    windows: u64,
    snapshot: Arc<Snapshot>,
}

/// Reads windows; what a status page or an analysis needs to know of a series.
pub trait WindowView {
    /// What happened in this window, up to the last tick.
    ///
    /// # Errors
    ///
    /// Where the view keeps no such window. That is no empty window: nothing is known about it.
    fn read(&self, window: &Window) -> Result<Reading, NotKept>;

    /// What happened in this window, up to this moment.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    fn now(&self, window: &Window) -> Result<Reading, NotKept>;
}

/// A window that a view keeps nothing of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotKept {
    /// Fewer single requests are kept than were asked for, or none.
    Requests {
        /// The last so many were asked for.
        asked: NonZeroU32,
        /// So many can be.
        kept: Option<NonZeroU32>,
    },
    /// The mark is another view's.
    Mark,
}

impl Mark {
    pub(super) fn new(windows: u64, snapshot: Snapshot) -> Self {
        Self { windows, snapshot: Arc::new(snapshot) }
    }

    pub(super) fn of(&self, windows: u64) -> Option<&Snapshot> {
        (self.windows == windows).then_some(&self.snapshot)
    }
}

impl fmt::Display for NotKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requests { asked, kept: None } => {
                write!(f, "the last {asked} requests are not kept, as none are")
            }
            Self::Requests { asked, kept: Some(kept) } => {
                write!(f, "the last {asked} requests are not kept, only the last {kept}")
            }
            Self::Mark => write!(f, "the mark was set on another series' windows"),
        }
    }
}

impl std::error::Error for NotKept {}
