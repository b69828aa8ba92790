use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::drain::DrainTimes;
use super::stage::{Lifecycle, Stage};

impl Lifecycle {
    /// From now on SIGTERM and SIGINT begin a drain instead of ending the process; the next one skips what is left of the
    /// delay, and one that comes when connections are being closed already cuts them. Signals of a kind that come within
    /// a moment are one.
    ///
    /// Call it before anything slow. A signal during start-up begins the drain as well, without a delay:
    /// [`serve`](crate::axum::serve) then ends at once, and [`reached`](Self::reached) tells start-up work of one's own.
    ///
    /// # Errors
    ///
    /// The system did not let the handlers be installed.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O enabled.
    pub fn on_signals(&self, times: DrainTimes) -> io::Result<()> {
        let signals = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
        for signal in signals {
            tokio::spawn(self.clone().heed(signal, times));
        }
        Ok(())
    }

    async fn heed(self, mut signal: Signal, times: DrainTimes) {
        while signal.recv().await.is_some() {
            tracing::info!(stage = ?self.stage(), "asked to stop");
            if self.stage() < Stage::Draining {
                drop(self.drain(times));
            } else {
                self.hurry();
            }
        }
    }
}
