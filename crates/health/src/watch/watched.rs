use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use super::history::{History, Lately};
use super::schedule::Schedule;
use crate::guarded::guarded;
use crate::{HealthProbe, Healthy, ProbeError, RiseFall, Standing};

/// Who wants an answer now gets none sooner than this after the last began, so that no crowd can storm a dependency.
const LEAST_GAP: Duration = Duration::from_secs(1);

/// What a [`Watched`] probe last said.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// What the answers so far amount to.
    pub standing: Standing,
    /// The last answer; `None` before the first.
    pub last: Option<Result<Healthy, ProbeError>>,
    /// When it came.
    pub answered: Option<Instant>,
    /// How many checks have ended.
    pub checks: u64,
    /// The recent past.
    pub lately: Lately,
}

/// A probe asked in the background, in a task of its own; dropped, it is asked no more.
///
/// A check that hangs is dropped at its timeout and one that panics is a bad answer: neither stops the schedule, and
/// neither is felt by another probe.
#[derive(Debug)]
pub struct Watched {
    status: watch::Receiver<Status>,
    wanted: Arc<Notify>,
    task: JoinHandle<()>,
}

/// Whether a probe is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Again,
    Enough,
}

impl Watched {
    /// Begins to ask, at once and then on schedule.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with time enabled.
    pub fn spawn(probe: Arc<dyn HealthProbe>, schedule: Schedule) -> Self {
        Self::telling(probe, schedule, |_| Next::Again)
    }

    /// The same, and `heard` is told of every answer, and says whether there shall be another.
    pub(crate) fn telling(
        probe: Arc<dyn HealthProbe>,
        schedule: Schedule,
        heard: impl FnMut(&Status) -> Next + Send + 'static,
    ) -> Self {
        let (sender, status) = watch::channel(Status::default());
        let wanted = Arc::new(Notify::new());
        let asking = Asking { probe, schedule, wanted: wanted.clone(), sender };
        Self { status, wanted, task: tokio::spawn(asking.run(heard)) }
    }

    /// The last answer, without waiting for one.
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// A view that can be waited on; it sees the sender gone once this is dropped.
    pub fn subscribe(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// An answer newer than the last, within `deadline`; else the last one again.
    ///
    /// However many want one, the probe is asked once: a check that is under way serves all of them, and the next one
    /// begins no sooner than a second after the last (or a period, where that is shorter).
    ///
    /// # Cancellation
    ///
    /// Dropping the future ends the waiting; the check goes on.
    pub async fn ask_now(&self, deadline: Duration) -> Status {
        let mut status = self.status.clone();
        let seen = status.borrow().checks;
        self.wanted.notify_waiters();
        // Ends with an error where the asking has ended: the last answer is then all there is.
        let _ = timeout(deadline, status.wait_for(|status| status.checks > seen)).await;
        self.status()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Default for Status {
    fn default() -> Self {
        let lately = Lately::default();
        Self { standing: Standing::Starting, last: None, answered: None, checks: 0, lately }
    }
}

struct Asking {
    probe: Arc<dyn HealthProbe>,
    schedule: Schedule,
    wanted: Arc<Notify>,
    sender: watch::Sender<Status>,
}

impl Asking {
    async fn run(self, mut heard: impl FnMut(&Status) -> Next) {
        let mut machine = RiseFall::new(self.schedule.rise, self.schedule.fall);
        let mut history = History::new();
        loop {
            let begun = Instant::now();
            let answer = self.ask().await;
            history.took(begun.elapsed());
            let status = self.status(answer, &mut machine, &mut history);
            // Told first: who waits for the answer then finds it published too.
            let next = heard(&status);
            // From here on a wish is for the next answer; whoever wished before has this one.
            let wanted = self.wanted.notified();
            self.sender.send_replace(status);
            if next == Next::Enough {
                return;
            }
            self.rest(begun, wanted).await;
        }
    }

    async fn ask(&self) -> Result<Healthy, ProbeError> {
        let (probe, deadline) = (self.probe.clone(), self.schedule.timeout);
        guarded(async move { probe.check(deadline).await }, deadline).await
    }

    fn status(
        &self,
        answer: Result<Healthy, ProbeError>,
        machine: &mut RiseFall,
        history: &mut History,
    ) -> Status {
        let from = machine.standing();
        let standing = match &answer {
            Ok(_) => machine.good(),
            Err(error) if self.schedule.unready_at_once && error.unready_now() => machine.unready_now(),
            Err(_) => machine.bad(),
        };
        if standing != from {
            history.changed(from, standing, answer.as_ref().err().map(ProbeError::class));
        }
        let checks = self.sender.borrow().checks + 1;
        let lately = history.lately().clone();
        Status { standing, last: Some(answer), answered: Some(Instant::now()), checks, lately }
    }

    /// Until the next check is due, or somebody wants one.
    async fn rest(&self, begun: Instant, wanted: impl Future<Output = ()>) {
        let due = begun + self.schedule.apart(self.sender.borrow().checks);
        if timeout_at(due, wanted).await.is_ok() {
            sleep_until(due.min(begun + LEAST_GAP)).await;
        }
    }
}
