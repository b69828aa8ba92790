//! What a watch hears from outside, and what it may say.

use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};

/// A watch's line to the engine: orders come in, notes go out.
#[derive(Debug)]
pub struct Signals {
    // `changed` takes `&self`, but a receiver remembers what it has seen.
    heard: Mutex<watch::Receiver<Heard>>,
    notes: mpsc::UnboundedSender<Note>,
}

/// The other end of [`Signals`]: the engine's, or a test's.
#[derive(Debug)]
pub struct Controls {
    heard: watch::Sender<Heard>,
    notes: mpsc::UnboundedReceiver<Note>,
}

/// Something a watch wants kept; it waits until [`Note::kept`].
#[derive(Debug)]
pub struct Note {
    /// What it said.
    pub value: Value,
    kept: oneshot::Sender<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Heard {
    paused: bool,
    approvals: u64,
}

impl Signals {
    /// Signals with the other end to steer them.
    pub fn controlled() -> (Self, Controls) {
        let (heard, receiver) = watch::channel(Heard::default());
        let (sender, notes) = mpsc::unbounded_channel();
        (Self { heard: Mutex::new(receiver), notes: sender }, Controls { heard, notes })
    }

    /// Signals nobody steers: never paused, nothing approved, notes go nowhere.
    pub fn detached() -> Self {
        Self::controlled().0
    }

    /// Whether the run is paused: go on judging, do not proceed.
    pub fn paused(&self) -> bool {
        self.now().paused
    }

    /// How often a person approved since this watch began, restarts included.
    pub fn approvals(&self) -> u64 {
        self.now().approvals
    }

    /// Waits until one of the above may have changed since the last call of `changed`.
    ///
    /// It may return although nothing did; read the values again, then call it again.
    ///
    /// # Cancellation
    ///
    /// A change is not lost by dropping the future.
    pub async fn changed(&self) {
        let mut receiver = self.lock().clone();
        if receiver.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        receiver.mark_unchanged();
        *self.lock() = receiver;
    }

    /// Keeps `value` in the journal under this step; returns when it is kept.
    pub async fn note(&self, value: Value) {
        let (kept, wait) = oneshot::channel();
        // Without an engine there is nobody to keep it; with one, the engine outlives this future.
        if self.notes.send(Note { value, kept }).is_ok() {
            wait.await.ok();
        }
    }

    /// Says that the run waits for a person, and for what: a note `{"ask": why}`.
    pub async fn ask(&self, why: &str) {
        self.note(json!({ "ask": why })).await;
    }

    /// Says that it no longer does: a note `{"ask": null}`.
    pub async fn cleared(&self) {
        self.note(json!({ "ask": null })).await;
    }

    fn now(&self) -> Heard {
        *self.lock().borrow()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, watch::Receiver<Heard>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Controls {
    /// What the watch sees from now on.
    pub fn set(&self, paused: bool, approvals: u64) {
        let heard = Heard { paused, approvals };
        self.heard.send_if_modified(|old| std::mem::replace(old, heard) != heard);
    }

    /// The next note; pending while there is none.
    ///
    /// # Cancellation
    ///
    /// No note is lost by dropping the future.
    pub async fn note(&mut self) -> Note {
        match self.notes.recv().await {
            Some(note) => note,
            None => std::future::pending().await,
        }
    }
}

impl Note {
    /// Lets the watch go on.
    pub fn kept(self) {
        self.kept.send(()).ok();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_change_between_the_look_and_the_wait_is_not_missed() {
        let (signals, controls) = Signals::controlled();
        controls.set(true, 0);
        signals.changed().await;
        assert!(signals.paused());
        controls.set(false, 1);
        signals.changed().await;
        assert_eq!((signals.paused(), signals.approvals()), (false, 1));
        let quiet = tokio::time::timeout(Duration::from_secs(1), signals.changed()).await;
        assert!(quiet.is_err(), "nothing changed, yet it returned");
    }

    #[tokio::test(start_paused = true)]
    async fn a_note_waits_until_it_is_kept() {
        let (signals, mut controls) = Signals::controlled();
        tokio::join!(signals.ask("go on?"), async {
            let note = controls.note().await;
            assert_eq!(note.value, json!({ "ask": "go on?" }));
            note.kept();
        });
    }

    #[tokio::test(start_paused = true)]
    async fn detached_signals_stay_silent_and_swallow_notes() {
        let signals = Signals::detached();
        signals.note(json!(1)).await;
        let quiet = tokio::time::timeout(Duration::from_secs(1), signals.changed()).await;
        assert!(quiet.is_err());
    }
}
