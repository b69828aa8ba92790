use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arc_swap::ArcSwap;
use handover_core::Clock;
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use super::check::Check;
use super::event::Event;
use super::live::Live;
use super::report::{CheckReport, CheckStatus, Identity, Report};
use super::snapshot::Snapshot;
use super::state::State;
use crate::lifecycle::{Lifecycle, Stage};
use crate::rss::resident_bytes;
use crate::watch::{Next, Status, Watched};
use crate::{ProbeError, Standing};

/// What the tasks and the handles of one [`Health`](super::Health) have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(super) identity: Identity,
    pub(super) lifecycle: Lifecycle,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) born: Instant,
    pub(super) entries: Vec<Entry>,
    pub(super) live: Vec<Live>,
    /// In bytes, read once a second; zero where the system does not tell.
    pub(super) rss: AtomicU64,
    pub(super) events: broadcast::Sender<Event>,
    pub(super) current: ArcSwap<Snapshot>,
    /// Told of each snapshot.
    pub(super) published: watch::Sender<()>,
    /// Held while a snapshot is made, so that an older one never follows a newer one.
    pub(super) making: Mutex<()>,
}

/// A check, and what watches it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) check: Check,
    pub(super) open: Arc<AtomicBool>,
    /// The last answer. Kept apart from the watching, which ends for a check of start-up.
    pub(super) status: Mutex<Status>,
    pub(super) watched: OnceLock<Watched>,
}

impl Entry {
    pub(super) fn new(check: Check) -> Self {
        Self { check, open: Arc::default(), status: Mutex::default(), watched: OnceLock::new() }
    }

    fn report(&self, now: Instant) -> CheckReport {
        let status = self.status.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let age = status.answered.map(|at| now.saturating_duration_since(at));
        let schedule = &self.check.schedule;
        CheckReport {
            name: self.check.name.clone(),
            criticality: self.check.criticality,
            status: self.standing(status.standing, age.is_some_and(|age| age > self.check.oldest())),
            failing_open: self.open.load(Ordering::Relaxed),
            took: status.last.as_ref().and_then(|last| last.as_ref().ok()).map(|well| well.elapsed),
            measured: status.last.as_ref().and_then(|last| last.as_ref().ok()).and_then(|well| well.measured),
            error: status.last.and_then(Result::err),
            age,
            asked: status.checks,
            recovers_in: schedule
                .period
                .saturating_mul(schedule.rise.max(1))
                .saturating_add(schedule.timeout),
            lately: status.lately,
        }
    }

    fn standing(&self, standing: Standing, stale: bool) -> CheckStatus {
        match standing {
            // What passed at start-up is not asked again, so it does not age.
            Standing::Up if self.check.startup || !stale => CheckStatus::Ok,
            Standing::Down if !stale => CheckStatus::Error,
            Standing::Up | Standing::Down | Standing::Starting => CheckStatus::Unknown,
        }
    }
}

impl Shared {
    /// A check answered: keep that, and tell it.
    pub(super) fn heard(&self, index: usize, status: &Status) -> Next {
        let entry = &self.entries[index];
        let before = {
            let mut kept = entry.status.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *kept, status.clone()).standing
        };
        if status.standing != before {
            // Until the others are asked it may be down for everybody; a moment of refusal would take everybody out.
            entry.open.store(
                entry.check.fail_open.is_some() && status.standing == Standing::Down,
                Ordering::Relaxed,
            );
            self.changed(&entry.check.name, status);
        }
        self.publish();
        let passed = entry.check.startup && status.standing == Standing::Up;
        if passed { Next::Enough } else { Next::Again }
    }

    /// Looks at what changes without a check.
    pub(super) fn look(&self) {
        self.rss.store(resident_bytes().unwrap_or(0), Ordering::Relaxed);
    }

    /// Makes a new snapshot the current one.
    pub(crate) fn publish(&self) {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        // Read once: a drain that begins from here on makes this snapshot one of a stage that is over.
        let (now, mut stage) = (Instant::now(), self.lifecycle.stage());
        let mut report = self.report(now, stage);
        if self.has_started(&report) && self.lifecycle.advance(Stage::Serving) {
            stage = Stage::Serving;
            report.state = State::of(stage, &report.checks);
        }
        let (from, to) = (self.current.load().state(), report.state);
        self.current.store(Arc::new(Snapshot::new(report, stage, now)));
        self.published.send_replace(());
        if from != to {
            tracing::info!(%from, %to, "the state changed");
            let _ = self.events.send(Event::State { from, to });
        }
    }

    fn report(&self, now: Instant, stage: Stage) -> Report {
        let reports = |startup: bool| {
            let of_kind = self.entries.iter().filter(move |entry| entry.check.startup == startup);
            of_kind.map(|entry| entry.report(now)).collect::<Vec<_>>()
        };
        let checks = reports(false);
        Report {
            identity: self.identity.clone(),
            state: State::of(stage, &checks),
            at: self.clock.wall(),
            uptime: now.saturating_duration_since(self.born),
            rss: Some(self.rss.load(Ordering::Relaxed)).filter(|bytes| *bytes > 0),
            startup: reports(true),
            live: self.live.iter().map(Live::report).collect(),
            checks,
        }
    }

    /// Whether start-up is over: its checks have passed, its work is done, and no critical check is still unheard.
    fn has_started(&self, report: &Report) -> bool {
        let passed = report.startup.iter().all(|check| check.status == CheckStatus::Ok);
        let heard = report.checks.iter().all(|check| !check.blocks() || check.status != CheckStatus::Unknown);
        passed && heard && self.lifecycle.is_released()
    }

    fn changed(&self, name: &Arc<str>, status: &Status) {
        if let Some(change) = status.lately.changes.last() {
            log(name, status);
            let _ = self.events.send(Event::Check { name: name.clone(), change: change.clone() });
        }
    }
}

/// Classes at every level; what others said, which may hold secrets, only at `trace`.
fn log(name: &str, status: &Status) {
    match status.last.as_ref().and_then(|last| last.as_ref().err()) {
        None => tracing::info!(check = name, "up"),
        Some(error) => down(name, error),
    }
}

fn down(name: &str, error: &ProbeError) {
    tracing::warn!(check = name, class = error.class().as_str(), "down");
    tracing::trace!(check = name, detail = error.detail(), "down, in the words of others");
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{Healthy, probe_fn};

    const MINUTE: Duration = Duration::from_mins(1);

    fn told(check: Check, standing: Standing) -> Entry {
        let last = match standing {
            Standing::Down => Err(ProbeError::other("")),
            Standing::Up | Standing::Starting => Ok(Healthy::after(Duration::ZERO)),
        };
        let status =
            Status { standing, last: Some(last), answered: Some(Instant::now()), ..Status::default() };
        Entry { status: Mutex::new(status), ..Entry::new(check) }
    }

    fn after(age: Duration, entry: &Entry) -> CheckStatus {
        entry.report(Instant::now() + age).status
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_too_old_is_not_believed_unless_it_was_start_ups() {
        let check = || Check::new("database", probe_fn(|| async { Ok(()) })).max_age(MINUTE);
        let (up, down) = (told(check(), Standing::Up), told(check(), Standing::Down));
        let started = told(check().startup(), Standing::Up);
        let late = MINUTE + Duration::from_millis(1);
        assert_eq!([after(MINUTE, &up), after(MINUTE, &down)], [CheckStatus::Ok, CheckStatus::Error]);
        assert_eq!([after(late, &up), after(late, &down)], [CheckStatus::Unknown; 2]);
        assert_eq!(after(late, &started), CheckStatus::Ok);
    }
}
