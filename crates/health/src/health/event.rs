use std::sync::Arc;

use super::state::State;
use crate::Transition;

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A check's standing.
    Check {
        /// Its name.
        name: Arc<str>,
        /// From what to what, after how long.
        change: Transition,
    },
    /// The process's state.
    State {
        /// What it was.
        from: State,
        /// What it is now.
        to: State,
    },
}
