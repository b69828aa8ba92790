use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use super::builder::HealthBuilder;
use super::event::Event;
use super::report::{CheckReport, Report};
use super::shared::Shared;
use super::snapshot::Snapshot;
use super::state::State;
use crate::Lifecycle;

/// The health of this process. Clones share it; with the last one the asking ends.
///
/// ```
/// # use std::time::Duration;
/// # use handover_health::{Check, Health, State, probe_fn};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let health = Health::builder("shop", env!("CARGO_PKG_VERSION"))
///     .check(Check::new("api", probe_fn(|| async { Ok(()) })).every(Duration::from_secs(5)))
///     .start()?;
/// health.settled(Duration::from_secs(1)).await;
/// assert_eq!(health.report().state, State::Ready);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Health {
    shared: Arc<Shared>,
    _tasks: Arc<Tasks>,
}

/// Ended with the last handle.
#[derive(Debug)]
pub(super) struct Tasks(pub(super) Vec<JoinHandle<()>>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { identity, state, .. } = self.report();
        f.debug_struct("Health").field("identity", &identity).field("state", &state).finish_non_exhaustive()
    }
}

impl Health {
    /// Describes the health of a service's process; `version` is that of the release.
    pub fn builder(service: &str, version: &str) -> HealthBuilder {
        HealthBuilder::new(service, version)
    }

    pub(super) fn new(shared: Arc<Shared>, tasks: Tasks) -> Self {
        Self { shared, _tasks: Arc::new(tasks) }
    }

    /// What is known now. Waits for nothing.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        let snapshot = self.shared.current.load_full();
        if snapshot.stage() == self.shared.lifecycle.stage() {
            return snapshot;
        }
        // A drain that begins is in the very next answer.
        self.shared.publish();
        self.shared.current.load_full()
    }

    /// What is known now, as a value.
    pub fn report(&self) -> Report {
        self.snapshot().report().clone()
    }

    /// Where the process is in its life, and how to move it on.
    pub fn lifecycle(&self) -> &Lifecycle {
        &self.shared.lifecycle
    }

    /// Changes from now on; who lags behind by more than 64 misses the oldest.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.shared.events.subscribe()
    }

    /// Told of each snapshot: every second, and when something changes. For who shows the whole again and again.
    pub fn published(&self) -> watch::Receiver<()> {
        self.shared.published.subscribe()
    }

    /// A newer answer of one check, within `deadline`; else the last one again. `None` where there is no such check.
    ///
    /// However many want one, the dependency is asked once, and no sooner than a second after the last time.
    ///
    /// # Cancellation
    ///
    /// Dropping the future ends the waiting; the check goes on.
    pub async fn ask_now(&self, check: &str, deadline: Duration) -> Option<CheckReport> {
        let entry = self.shared.entries.iter().find(|entry| &*entry.check.name == check)?;
        if let Some(watched) = entry.watched.get() {
            watched.ask_now(deadline).await;
        }
        let report = self.report();
        report.checks.into_iter().chain(report.startup).find(|report| &*report.name == check)
    }

    /// Waits until start-up is over, for `limit` at most; says how it stands then.
    pub async fn settled(&self, limit: Duration) -> State {
        let mut stages = self.shared.lifecycle.subscribe();
        let started = stages.wait_for(|stage| *stage > crate::Stage::Starting);
        let _ = tokio::time::timeout(limit, started).await;
        self.snapshot().report().state
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::{DrainTimes, LocalProbe, ProbeError};

    /// Begins a drain while a snapshot is being made.
    #[derive(Debug)]
    struct Drains {
        lifecycle: Lifecycle,
        now: AtomicBool,
    }

    impl LocalProbe for Drains {
        fn look(&self) -> Result<(), ProbeError> {
            if self.now.load(Ordering::Relaxed) {
                drop(self.lifecycle.drain(DrainTimes::default()));
            }
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_drain_that_begins_while_a_snapshot_is_made_is_in_the_very_next_answer_too() {
        let lifecycle = Lifecycle::new();
        let drains = Arc::new(Drains { lifecycle: lifecycle.clone(), now: AtomicBool::new(false) });
        let builder = Health::builder("shop", "2.0.0").lifecycle(lifecycle).live("drains", drains.clone());
        let health = builder.start().unwrap();
        assert_eq!(health.settled(Duration::from_secs(1)).await, State::Ready);
        drains.now.store(true, Ordering::Relaxed);
        health.shared.publish();
        assert_eq!(health.snapshot().report().state, State::Draining);
    }
}
