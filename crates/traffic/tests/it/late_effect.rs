//! The kit is fair to a backend that answers before the effect, and says so in its capabilities.

use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use handover_traffic::testkit::report;
use handover_traffic::{
    Capabilities, Change, Drained, InMemory, Observed, SwitchError, TrafficSwitcher, TrafficSwitcherExt,
};

/// Says yes, and moves traffic a while later.
#[derive(Debug)]
struct Later {
    backend: InMemory,
    admits_it: bool,
}

#[async_trait]
impl TrafficSwitcher for Later {
    fn capabilities(&self) -> Capabilities {
        let can = self.backend.capabilities();
        if self.admits_it { can.with_early_acks() } else { can }
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        self.backend.observe().await
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check("later", &change.route)?;
        let (backend, change) = (self.backend.clone(), change.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(30)).await;
            backend.apply(&change).await
        });
        self.observe().await
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.backend.drain(slot, limit).await
    }
}

fn later(admits_it: bool) -> Later {
    // What is checked only later cannot be refused in the answer.
    let can = Capabilities::new(handover_traffic::Weights::Any { step: 1 }).with_hold().with_read_back();
    Later { backend: InMemory::with(can), admits_it }
}

#[tokio::test(start_paused = true)]
async fn an_effect_that_is_admitted_to_come_late_is_waited_for() {
    let report = report(&later(true)).await;
    assert!(report.is_sound(), "{report}");
}

#[tokio::test(start_paused = true)]
async fn an_effect_that_comes_late_unsaid_breaks_the_first_promise() {
    let report = report(&later(false)).await;
    let (first, outcome) = report.lines().next().unwrap();
    assert!(first.number() == 1 && outcome.is_broken(), "{report}");
}
