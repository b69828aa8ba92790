use std::sync::Arc;
use std::time::Duration;

use handover_core::{BySlot, RunId, Slot, SystemClock};
use handover_monitor::source::{Answer, MeterSource, WindowSource};
use handover_monitor::{Meter, Pairs};
use tokio::time::timeout;

/// Windows without a request in them: for a platform whose requests nobody counts. Time passes all the same, and what
/// silence means is the plan's `on_no_data`.
#[derive(Debug)]
pub struct SilentSource {
    empty: MeterSource,
}

/// How often time is looked at.
const TICK: Duration = Duration::from_millis(50);

impl SilentSource {
    /// A source that hears nothing.
    pub fn new() -> Self {
        let meters = BySlot { blue: Meter::new(), green: Meter::new() };
        Self { empty: MeterSource::new(meters, Arc::new(SystemClock::new())) }
    }

    /// Nobody else's clock moves this source on, so whoever waits does.
    async fn tick(&self) {
        loop {
            self.empty.tick();
            tokio::time::sleep(TICK).await;
        }
    }
}

impl Default for SilentSource {
    fn default() -> Self {
        Self::new()
    }
}

impl WindowSource for SilentSource {
    fn begin<'a>(&'a self, run: &'a RunId, candidate: Slot, limit: Duration) -> Answer<'a, u64> {
        self.empty.begin(run, candidate, limit)
    }

    fn after(&self, seq: Option<u64>, wait: Duration) -> Answer<'_, Pairs> {
        Box::pin(async move {
            let waited = async {
                tokio::select! {
                    pairs = self.empty.after(seq, wait) => pairs,
                    () = self.tick() => unreachable!("it ticks for ever"),
                }
            };
            match timeout(wait + TICK, waited).await {
                Ok(pairs) => pairs,
                Err(_) => self.empty.after(seq, Duration::ZERO).await,
            }
        })
    }

    fn moved(&self, candidate_bps: u16) {
        self.empty.moved(candidate_bps);
    }
}
