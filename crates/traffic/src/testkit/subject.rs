use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;

use crate::TrafficSwitcher;

/// What the kit examines: a switcher, and as much sight of the world behind it as there is.
///
/// Each switcher is a subject without further sight. A harness of your own adds some; every method but the first
/// is optional, and what is left out is reported as not claimed.
#[async_trait]
pub trait Subject: Send + Sync {
    /// The switcher under examination.
    fn switcher(&self) -> &dyn TrafficSwitcher;

    /// How long one call, or the effect of one, may take before the kit calls it stuck. 10 s unless said otherwise.
    fn patience(&self) -> Duration {
        Duration::from_secs(10)
    }

    /// For points 1, 2, 8 and 9: sends a request as a new user would, through the public address, without a pin.
    ///
    /// Returns once a release has it, and says which. The request stays in flight until the [`OpenRequest`] is
    /// dropped. The kit never asks while traffic is held.
    async fn open_request(&self) -> Opened {
        Opened::Unseen
    }

    /// For points 2 and 5: a second switcher for the same backend, whose changes get no answer.
    ///
    /// Best is a path on which requests arrive and answers are lost; a socket that takes everything and stays
    /// silent will do as well. The switcher must give up within [`Subject::patience`].
    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        None
    }

    /// For point 4: how many changes were ever sent to the backend; only the difference matters.
    async fn sent(&self) -> Option<u64> {
        None
    }

    /// For point 10: everything next to what the switcher owns, as text to compare: other routes in the same proxy,
    /// other services on the same platform, other files in the same folder.
    async fn foreign(&self) -> Option<String> {
        None
    }

    /// For point 2: what the backend itself says of the weights, read past the switcher, now and at every change that
    /// came by. Only for backends whose weights can all be zero; the kit asks at each of its own looks.
    async fn weighed(&self) -> Option<Weighed> {
        None
    }

    /// For fault schedules: how many backends are behind the switcher, each with a split of its own. What is observed of
    /// several is their mean, and while some are half-way, the mean need not lie between the last split and the next.
    fn members(&self) -> usize {
        1
    }

    /// For fault schedules: something is about to go wrong between the switcher and what it moves, such as an answer
    /// that gets lost. `number` picks what. Returns it in words, or `None` where nothing can be made to go wrong.
    async fn strike(&self, number: u64) -> Option<String> {
        let _ = number;
        None
    }

    /// For fault schedules: nothing goes wrong any more.
    async fn calm(&self) {}
}

impl<T: TrafficSwitcher> Subject for T {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        self
    }
}

/// How often a backend's weights were read past the switcher, since it was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weighed {
    /// How often in all.
    pub looks: u64,
    /// How often no slot had any weight. One is too many.
    pub dark: u64,
}

/// What became of a user's request.
#[derive(Debug)]
pub enum Opened {
    /// The subject cannot send requests.
    Unseen,
    /// It was sent, and no release got it; this is what the user saw.
    Nowhere(String),
    /// A release has it.
    At(OpenRequest),
}

/// A request in flight until dropped.
pub struct OpenRequest {
    slot: Slot,
    _end: Box<dyn Send>,
}

impl OpenRequest {
    /// A request that `slot` has; dropping `end` must end it.
    pub fn new(slot: Slot, end: impl Send + 'static) -> Self {
        Self { slot, _end: Box::new(end) }
    }

    /// The slot that has it.
    pub const fn slot(&self) -> Slot {
        self.slot
    }
}

impl fmt::Debug for OpenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenRequest").field("slot", &self.slot).finish_non_exhaustive()
    }
}
