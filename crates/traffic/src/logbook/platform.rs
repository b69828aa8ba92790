use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{BySlot, Fence, OpId, Slot};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Logbook;
use crate::{BoxError, Capabilities, Drained, InFlight, Split, SwitchError};

/// What each slot stands for on the platform, such as a deployment's name; `None` where nothing was assigned yet.
pub type Targets = BySlot<Option<String>>;

/// What a control plane can do that remembers nothing of who asked. [`WithLogbook`](super::WithLogbook) adds the rest.
#[async_trait]
pub trait Platform: fmt::Debug + Send + Sync + 'static {
    /// How it calls itself in errors.
    fn name(&self) -> &'static str;

    /// What it can express. Compare-and-set and fencing are the logbook's to claim.
    fn capabilities(&self) -> Capabilities;

    /// Reads what is in force from the platform itself.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Unreachable`], [`SwitchError::Throttled`], or [`SwitchError::Refused`] where the platform gave
    /// no usable answer; reading never changes anything.
    async fn read(&self, targets: &Targets) -> Result<Seen, SwitchError>;

    /// Moves traffic as `intent` says, and returns once that is in force.
    ///
    /// It may be called again for the same intent after a crash in any place: what is not safe to do twice is noted
    /// with [`Intent::remember`] before it is done, and looked for before it is done again.
    ///
    /// # Errors
    ///
    /// As [`TrafficSwitcher::apply`](crate::TrafficSwitcher::apply): each variant says whether anything changed.
    async fn bring(&self, intent: &mut Intent<'_>) -> Result<(), SwitchError>;

    /// Waits until `slot` holds no request. The caller has seen that it has no weight.
    ///
    /// # Errors
    ///
    /// As for [`Platform::read`].
    async fn drain(&self, slot: Slot, limit: Duration, targets: &Targets) -> Result<Drained, SwitchError>;
}

/// Where a platform says that traffic goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// To what the slots stand for, in these shares.
    Slots(Split),
    /// To something that neither slot stands for, named for a person.
    Elsewhere(String),
}

/// What a platform says is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where traffic goes.
    pub place: Place,
    /// A job of the platform's is under way that will move traffic; what is in force is not yet what was asked for.
    pub moving: bool,
    /// Requests being answered per slot, where the platform counts them.
    pub in_flight: Option<BySlot<InFlight>>,
    /// Requests ever sent to each slot, where the platform counts them.
    pub served: Option<BySlot<u64>>,
}

impl Seen {
    /// This split is in force, nothing is under way, nothing is counted.
    pub const fn at(split: Split) -> Self {
        Self::in_place(Place::Slots(split))
    }

    /// This is in force, nothing is under way, nothing is counted.
    pub const fn in_place(place: Place) -> Self {
        Self { place, moving: false, in_flight: None, served: None }
    }

    /// The share of each slot, where traffic goes to them.
    pub const fn split(&self) -> Option<Split> {
        match self.place {
            Place::Slots(split) => Some(split),
            Place::Elsewhere(_) => None,
        }
    }
}

/// One wish that is written down and not yet known to be fulfilled.
#[derive(Debug)]
pub struct Intent<'a> {
    pub(super) backend: &'static str,
    pub(super) logbook: &'a Logbook,
    pub(super) split: Split,
    pub(super) op: &'a OpId,
    pub(super) fence: Fence,
    pub(super) seen: &'a Seen,
    pub(super) targets: Targets,
    pub(super) note: Option<serde_json::Value>,
}

impl Intent<'_> {
    /// The split to bring about.
    pub const fn split(&self) -> Split {
        self.split
    }

    /// The wish's own name.
    pub const fn op(&self) -> &OpId {
        self.op
    }

    /// The fence under which it is made.
    pub const fn fence(&self) -> Fence {
        self.fence
    }

    /// What was in force when it was last looked at, just now.
    pub const fn seen(&self) -> &Seen {
        self.seen
    }

    /// What `slot` stands for.
    pub fn target(&self, slot: Slot) -> Option<&str> {
        self.targets[slot].as_deref()
    }

    /// From now on `slot` stands for `target`. Durable when this returns.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Refused`]: the logbook cannot be written.
    pub async fn retarget(
        &mut self,
        slot: Slot,
        target: impl Into<String> + Send,
    ) -> Result<(), SwitchError> {
        let target = target.into();
        self.targets[slot] = Some(target.clone());
        let wrote = self.logbook.edit(move |book| book.targets[slot] = Some(target)).await;
        wrote.map_err(|e| unwritten(self.backend, e))
    }

    /// What an earlier attempt at this very wish remembered; `None` on the first.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Refused`]: the note is not of this kind.
    pub fn note<T: DeserializeOwned>(&self) -> Result<Option<T>, SwitchError> {
        let read = self.note.clone().map(serde_json::from_value).transpose();
        read.map_err(|e| unwritten(self.backend, e.into()))
    }

    /// Remembers `note` for a later attempt at this wish. Durable when this returns.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Refused`]: the logbook cannot be written, so the caller must not go on;
    /// [`SwitchError::Fenced`]: somebody else has begun another change meanwhile.
    pub async fn remember<T: Serialize + Sync>(&mut self, note: &T) -> Result<(), SwitchError> {
        let value = serde_json::to_value(note).map_err(|e| unwritten(self.backend, e.into()))?;
        self.note = Some(value.clone());
        let (op, fence) = (self.op.clone(), self.fence);
        let kept = self.logbook.edit(move |book| book.note(&op, fence, value)).await;
        kept.map_err(|e| unwritten(self.backend, e))?
    }
}

/// The logbook is on this machine: a fault there is the backend's refusal to begin.
pub(super) fn unwritten(backend: &'static str, source: BoxError) -> SwitchError {
    SwitchError::Refused { backend, source }
}
