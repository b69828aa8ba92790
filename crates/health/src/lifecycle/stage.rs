use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

/// How far a process is in its life; it only ever goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Start-up is not over.
    Starting,
    /// It serves.
    Serving,
    /// It still serves, says that it wants no new traffic, and waits until that is heard.
    Draining,
    /// It takes no more connections, and ends those it has gracefully.
    Closing,
    /// Its deadline has passed: what is still open is cut.
    Cutting,
    /// It serves no more.
    Stopped,
}

/// The life of a process, shared by whoever moves it on and whoever follows.
///
/// Make it first, before anything slow: a signal that comes during start-up is then heard.
///
/// ```
/// # use std::time::Duration;
/// # use handover_health::{DrainTimes, Lifecycle, Stage};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let lifecycle = Lifecycle::new();
/// let drained = lifecycle.drain(DrainTimes { delay: Duration::ZERO, deadline: Duration::from_secs(5) });
/// assert_eq!(lifecycle.stage(), Stage::Draining); // at once: readiness is 503 from here on
/// lifecycle.stopped();                            // says the server, when its last request is answered
/// drained.await;
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Lifecycle {
    stage: watch::Sender<Stage>,
    released: Arc<AtomicBool>,
}

impl Lifecycle {
    /// Starting; serving as soon as the checks of start-up have passed.
    pub fn new() -> Self {
        Self { stage: watch::Sender::new(Stage::Starting), released: Arc::new(AtomicBool::new(true)) }
    }

    /// Starting until [`ready`](Self::ready) was called as well: for start-up work that no check can see.
    pub fn held() -> Self {
        let lifecycle = Self::new();
        lifecycle.released.store(false, Ordering::Release);
        lifecycle
    }

    /// Start-up work is over: it serves as soon as the checks of start-up have passed as well.
    pub fn ready(&self) {
        self.released.store(true, Ordering::Release);
        // Who watches checks looks again.
        self.stage.send_modify(|_| ());
    }

    /// How far it is.
    pub fn stage(&self) -> Stage {
        *self.stage.borrow()
    }

    /// The server has ended.
    pub fn stopped(&self) {
        self.advance(Stage::Stopped);
    }

    /// Waits until it is at least as far as `stage`.
    pub async fn reached(&self, stage: Stage) {
        // The sender lives in `self`, so this cannot fail.
        let _ = self.stage.subscribe().wait_for(|now| *now >= stage).await;
    }

    /// Waits until no more connections are to be taken: for a server's graceful shutdown. It owns what it needs.
    pub fn closing(&self) -> impl Future<Output = ()> + Send + 'static {
        let lifecycle = self.clone();
        async move { lifecycle.reached(Stage::Closing).await }
    }

    pub(crate) fn is_released(&self) -> bool {
        self.released.load(Ordering::Acquire)
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }

    /// Goes on to `stage`; whether that was forward.
    pub(crate) fn advance(&self, stage: Stage) -> bool {
        self.stage.send_if_modified(|now| {
            let forward = stage > *now;
            if forward {
                *now = stage;
            }
            forward
        })
    }
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self::new()
    }
}
