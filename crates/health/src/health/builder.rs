use std::collections::BTreeSet;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use handover_core::{Clock, SystemClock};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::check::{Check, is_reserved, valid_name};
use super::handle::{Health, Tasks};
use super::invalid::InvalidHealth;
use super::live::Live;
use super::report::{Identity, Report};
use super::shared::{Entry, Shared};
use super::snapshot::Snapshot;
use super::state::State;
use crate::watch::{Next, Schedule, Watched};
use crate::{Lifecycle, LocalProbe, Stage};

/// How often a snapshot is made where nothing changes: timestamps are never older than this.
const PULSE: Duration = Duration::from_secs(1);
/// So many changes are kept for a subscriber that is slow.
const EVENTS: usize = 64;

/// Describes what [`Health`] watches.
#[derive(Debug)]
pub struct HealthBuilder {
    identity: Identity,
    lifecycle: Lifecycle,
    clock: Arc<dyn Clock>,
    checks: Vec<Check>,
    live: Vec<Live>,
}

impl HealthBuilder {
    pub(super) fn new(service: &str, version: &str) -> Self {
        let identity = Identity { service: service.into(), version: version.into(), pid: std::process::id() };
        let clock = Arc::new(SystemClock::new());
        Self { identity, lifecycle: Lifecycle::new(), clock, checks: Vec::new(), live: Vec::new() }
    }

    /// Watches this too. Readiness shows the checks in the order they were added.
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// Liveness rests on this too; see [`LocalProbe`] for why nothing else will do.
    #[must_use]
    pub fn live(mut self, name: &str, probe: impl LocalProbe) -> Self {
        self.live.push(Live { name: name.into(), probe: Arc::new(probe) });
        self
    }

    /// Follows this life, whose signals may be handled already.
    #[must_use]
    pub fn lifecycle(mut self, lifecycle: Lifecycle) -> Self {
        self.lifecycle = lifecycle;
        self
    }

    /// Takes timestamps from this clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Begins to watch: every check is asked at once, in a task of its own.
    ///
    /// # Errors
    ///
    /// A name, a time or a share makes no sense; nothing was started.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with time enabled.
    pub fn start(self) -> Result<Health, InvalidHealth> {
        self.validate()?;
        let shared = Arc::new(self.shared());
        shared.look();
        shared.publish();
        let mut tasks = vec![tokio::spawn(pulse(shared.clone()))];
        for index in 0..shared.entries.len() {
            watch(&shared, index);
            tasks.extend(follow_fleet(&shared, index));
        }
        Ok(Health::new(shared, Tasks(tasks)))
    }

    fn validate(&self) -> Result<(), InvalidHealth> {
        self.checks.iter().try_for_each(Check::validate)?;
        self.live.iter().try_for_each(|live| valid_name(&live.name))?;
        let mut seen = BTreeSet::new();
        let checks = self.checks.iter().map(|check| &check.name);
        for name in checks.chain(self.live.iter().map(|live| &live.name)) {
            if is_reserved(name) || *name == self.identity.service {
                return Err(InvalidHealth::Reserved(name.to_string()));
            }
            if !seen.insert(name) {
                return Err(InvalidHealth::Twice(name.to_string()));
            }
        }
        Ok(())
    }

    fn shared(self) -> Shared {
        let born = Instant::now();
        let stage = self.lifecycle.stage();
        let empty = Report::empty(self.identity.clone(), State::of(stage, &[]), self.clock.wall());
        Shared {
            current: ArcSwap::from_pointee(Snapshot::new(empty, stage, born)),
            identity: self.identity,
            lifecycle: self.lifecycle,
            clock: self.clock,
            born,
            entries: self.checks.into_iter().map(Entry::new).collect(),
            live: self.live,
            rss: AtomicU64::new(0),
            events: broadcast::Sender::new(EVENTS),
            published: watch::Sender::new(()),
            making: Mutex::new(()),
        }
    }
}

/// Makes a snapshot every second, and whenever life goes on.
async fn pulse(shared: Arc<Shared>) {
    let mut stages = shared.lifecycle.subscribe();
    loop {
        // The sender lives in the shared lifecycle, so an error here can only be the second that passed.
        let _ = timeout(PULSE, stages.changed()).await;
        shared.look();
        shared.publish();
        if shared.lifecycle.stage() == Stage::Stopped {
            return;
        }
    }
}

fn watch(shared: &Arc<Shared>, index: usize) {
    let entry = &shared.entries[index];
    let (probe, schedule): (_, Schedule) = (entry.check.probe.clone(), entry.check.schedule.clone());
    // Weak: what watches lives in what it tells.
    let told = Arc::downgrade(shared);
    let heard = move |status: &_| told.upgrade().map_or(Next::Enough, |shared| shared.heard(index, status));
    let _ = entry.watched.set(Watched::telling(probe, schedule, heard));
}

fn follow_fleet(shared: &Arc<Shared>, index: usize) -> Option<JoinHandle<()>> {
    let entry = &shared.entries[index];
    let fail_open = entry.check.fail_open.clone()?;
    let status = entry.watched.get()?.subscribe();
    let (name, limit, open) = (entry.check.name.clone(), entry.check.schedule.timeout, entry.open.clone());
    let told = Arc::downgrade(shared);
    let changed = move || told.upgrade().iter().for_each(|shared| shared.publish());
    Some(tokio::spawn(fail_open.follow(name, status, limit, open, changed)))
}
