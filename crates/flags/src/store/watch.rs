use std::future::Future;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::capabilities::Delivery;
use super::contents::{Contents, Held, Revision};
use super::error::StoreError;
use crate::Key;

/// How many events may wait for a slow reader before the store waits too.
const WAITING: usize = 256;

/// What a store tells whoever watches it.
///
/// `as_of` is a moment at which the store was known to hold exactly this: when the question was sent, not when the
/// answer came.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreEvent {
    /// Everything there is; what is not in it is gone.
    Contents {
        /// All of it.
        contents: Contents,
        /// Since when that is known.
        as_of: Instant,
    },
    /// These keys changed; all others are as they were.
    Changed {
        /// Each key with what stands there now, `None` where nothing does.
        changes: Vec<(Key, Option<Held>)>,
        /// The last change made through a store.
        revision: Option<Revision>,
        /// Since when that is known.
        as_of: Instant,
    },
    /// Nothing has changed until this moment.
    Fresh {
        /// Since when that is known.
        as_of: Instant,
    },
    /// How changes arrive from now on.
    Delivery(Delivery),
    /// The store cannot be heard; what it last said may be out of date.
    Lost(StoreError),
    /// Something that an operator should know, and that changes no value.
    Noticed(String),
}

/// A store's events, in the order in which they happened.
///
/// A store that cannot be heard tries for ever, and says [`StoreEvent::Lost`]; the events end only with the store. A
/// dropped `Watch` ends the watching.
#[derive(Debug)]
pub struct Watch {
    events: mpsc::Receiver<StoreEvent>,
    task: JoinHandle<()>,
}

impl Watch {
    /// Watches by a task of its own, which is given the way to tell.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn spawn<F: Future<Output = ()> + Send + 'static>(watching: impl FnOnce(Teller) -> F) -> Self {
        let (sender, events) = mpsc::channel(WAITING);
        let task = tokio::spawn(watching(Teller(sender)));
        Self { events, task }
    }

    /// The next event; `None` once there can be no more.
    ///
    /// Cancel safe: an event is either returned or still to come.
    pub async fn next(&mut self) -> Option<StoreEvent> {
        self.events.recv().await
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How a store tells its watcher.
#[derive(Debug, Clone)]
pub struct Teller(mpsc::Sender<StoreEvent>);

/// Nobody watches any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwatched;

impl Teller {
    /// Tells, and waits while the watcher is busy.
    ///
    /// # Errors
    ///
    /// Nobody watches any more.
    pub async fn tell(&self, event: StoreEvent) -> Result<(), Unwatched> {
        self.0.send(event).await.map_err(|_| Unwatched)
    }
}
