use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::time::Instant;

use super::report::{CheckStatus, LocalReport, Report};
use super::state::State;
use crate::lifecycle::Stage;
use crate::page::{Endpoint, Format, Page, Pages};
use crate::{ProbeClass, ProbeError};

/// A snapshot is made every second; one older than this says that nobody makes them any more.
const STALLED: Duration = Duration::from_secs(5);
/// A process whose snapshots have stopped for this long is taken for dead.
const DEAD: Duration = Duration::from_secs(30);

/// What was known at one moment, and the answers made of it.
#[derive(Debug)]
pub struct Snapshot {
    report: Report,
    stage: Stage,
    made: Instant,
    pages: Pages,
    /// What is left of it when no other has followed for too long.
    stalled: OnceLock<Box<Self>>,
    dead: OnceLock<Box<Self>>,
}

impl Snapshot {
    pub(super) fn new(report: Report, stage: Stage, made: Instant) -> Self {
        let pages = Pages::new(&report);
        Self { report, stage, made, pages, stalled: OnceLock::new(), dead: OnceLock::new() }
    }

    /// What is known.
    pub fn report(&self) -> &Report {
        &self.believable().report
    }

    /// The answer of an endpoint: made beforehand in the usual format, and once for the whole snapshot in the others.
    pub fn page(&self, endpoint: Endpoint, format: Format) -> &Page {
        let snapshot = self.believable();
        snapshot.pages.of(&snapshot.report, endpoint, format)
    }

    pub(super) fn stage(&self) -> Stage {
        self.stage
    }

    pub(super) fn state(&self) -> State {
        self.report.state
    }

    /// This one, unless nobody has made another for too long: what it knows is then worth nothing.
    fn believable(&self) -> &Self {
        let age = self.made.elapsed();
        if age <= STALLED {
            self
        } else if age <= DEAD {
            self.stalled.get_or_init(|| self.stalled())
        } else {
            self.dead.get_or_init(|| self.dead())
        }
    }

    fn stalled(&self) -> Box<Self> {
        let mut report = self.report.clone();
        report.checks.iter_mut().for_each(|check| check.status = CheckStatus::Unknown);
        if report.state.is_ready() {
            report.state = State::Unready;
        }
        Box::new(Self::new(report, self.stage, self.made))
    }

    fn dead(&self) -> Box<Self> {
        let mut stalled = self.stalled();
        let silent =
            ProbeError::new(ProbeClass::Timeout, "the health of this process is no longer looked at");
        stalled.report.live.push(LocalReport { name: Arc::from("scheduler"), error: Some(silent) });
        Box::new(Self::new(stalled.report, self.stage, self.made))
    }
}
