//! Users of the model: requests that arrive, stay in flight, and end when dropped.

use std::sync::Arc;
use std::time::Duration;

use handover_core::Slot;

use super::{InMemory, Shared};
use crate::InFlight;

/// What is in flight, as a drain reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// A request whose answer has not begun.
    Request,
    /// An answer whose body is on its way.
    Stream,
    /// An upgraded connection.
    Upgrade,
}

impl RequestKind {
    pub(super) const fn count(self, in_flight: &mut InFlight) -> &mut u64 {
        match self {
            Self::Request => &mut in_flight.requests,
            Self::Stream => &mut in_flight.streams,
            Self::Upgrade => &mut in_flight.upgrades,
        }
    }
}

/// A request in flight on an [`InMemory`] backend; dropping it ends it.
#[derive(Debug)]
#[must_use = "the request ends when this is dropped"]
pub struct InMemoryRequest {
    shared: Arc<Shared>,
    slot: Slot,
    kind: RequestKind,
}

impl InMemoryRequest {
    /// The slot that answers it.
    pub const fn slot(&self) -> Slot {
        self.slot
    }
}

impl Drop for InMemoryRequest {
    fn drop(&mut self) {
        self.shared.update(|state| state.leave(self.slot, self.kind));
    }
}

/// How soon a waiting request looks at a clock again that stood still while its hold should have ended.
const GLANCE: Duration = Duration::from_millis(1);

impl InMemory {
    /// A user's request arrives: it waits while traffic is held, then goes where the split says.
    ///
    /// Shares are exact over time: of ten requests at 10 %, one goes to green.
    ///
    /// # Cancellation
    ///
    /// A request dropped while it waits has never arrived.
    pub async fn arrive(&self) -> InMemoryRequest {
        let mut bell = self.shared.bell.subscribe();
        loop {
            bell.mark_unchanged();
            let now = self.shared.clock.wall();
            let admitted = self.shared.lock().admit(now);
            match admitted {
                Ok(slot) => return self.guard(slot, RequestKind::Request),
                Err(left) => {
                    let _ = tokio::time::timeout(left.max(GLANCE), bell.changed()).await;
                }
            }
        }
    }

    /// Something is in flight on `slot`, whatever the split: a pinned request, or one from before the change.
    pub fn open(&self, slot: Slot, kind: RequestKind) -> InMemoryRequest {
        self.shared.lock().enter(slot, kind);
        self.guard(slot, kind)
    }

    fn guard(&self, slot: Slot, kind: RequestKind) -> InMemoryRequest {
        InMemoryRequest { shared: Arc::clone(&self.shared), slot, kind }
    }
}
