use std::time::Duration;

use handover_core::Timestamp;
use serde::{Deserialize, Serialize};

use crate::railway::standing::Mark;

/// What a later attempt has to know of this one. Written before the order, and again after its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    /// What was newest before.
    pub(super) mark: Option<Mark>,
    /// When the order was sent, by this machine's clock.
    pub(super) sent: Timestamp,
    /// What the slot stood for.
    pub(super) target: String,
    /// The image the service had before it was given another.
    pub(super) image: Option<String>,
    /// What came of it.
    pub(super) made: Option<String>,
}

impl Note {
    /// How long a deployment may yet stay out of the list; nothing once `settle` has passed.
    ///
    /// A clock that was set back since then counts as no time having passed.
    pub(super) fn unsettled(&self, settle: Duration) -> Option<Duration> {
        settle.checked_sub(Timestamp::now().since(self.sent)).filter(|left| !left.is_zero())
    }
}
