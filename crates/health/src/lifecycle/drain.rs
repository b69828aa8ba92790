use std::time::Duration;

use tokio::time::timeout;

use super::stage::{Lifecycle, Stage};

/// How long leaving may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrainTimes {
    /// It still takes new requests for this long, since those who send them learn only at their next probe that they
    /// should not: longer than a load balancer's period times its failures. 5 s by default.
    pub delay: Duration,
    /// From the beginning of the drain until whatever is still open is cut: less than the platform waits before it
    /// kills. 25 s by default, as Kubernetes waits 30 s.
    pub deadline: Duration,
}

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Every request was answered.
    Clean,
    /// The deadline, or somebody's hurry, cut what was still open.
    Cut,
}

impl Default for DrainTimes {
    fn default() -> Self {
        Self { delay: Duration::from_secs(5), deadline: Duration::from_secs(25) }
    }
}

impl Lifecycle {
    /// Begins to leave, at once: readiness is 503 from this call on, and requests are served for the delay; then
    /// [`closing`](Self::closing) tells the server to end gracefully; at the deadline [`Stage::Cutting`] tells it to end.
    ///
    /// A process that never was ready has nobody to wait for: its delay is skipped. A second call changes nothing, and
    /// waits for the same end.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with time enabled.
    ///
    /// # Cancellation
    ///
    /// Dropping the future ends the waiting; the drain goes on.
    pub fn drain(&self, times: DrainTimes) -> impl Future<Output = Drained> + Send + 'static {
        let delay = if self.stage() == Stage::Starting { Duration::ZERO } else { times.delay };
        if self.advance(Stage::Draining) {
            tokio::spawn(self.clone().leave(delay.min(times.deadline), times.deadline));
        }
        self.clone().ended()
    }

    /// Hurries: skips what is left of the delay; asked again, cuts what is still open.
    pub fn hurry(&self) {
        match self.stage() {
            Stage::Draining => _ = self.advance(Stage::Closing),
            Stage::Closing => _ = self.advance(Stage::Cutting),
            Stage::Starting | Stage::Serving | Stage::Cutting | Stage::Stopped => (),
        }
    }

    async fn leave(self, delay: Duration, deadline: Duration) {
        // Over sooner where somebody hurries.
        let _ = timeout(delay, self.reached(Stage::Closing)).await;
        self.advance(Stage::Closing);
        let _ = timeout(deadline.saturating_sub(delay), self.reached(Stage::Cutting)).await;
        self.advance(Stage::Cutting);
    }

    async fn ended(self) -> Drained {
        let mut stages = self.subscribe();
        let mut cut = false;
        loop {
            match *stages.borrow_and_update() {
                Stage::Stopped => return if cut { Drained::Cut } else { Drained::Clean },
                Stage::Cutting => cut = true,
                Stage::Starting | Stage::Serving | Stage::Draining | Stage::Closing => (),
            }
            // The sender lives in `self`, so this cannot fail.
            let _ = stages.changed().await;
        }
    }
}
