use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::{HealthProbe, Healthy, ProbeClass, ProbeError, RiseFall, Standing};

/// How often a probe is asked, and what its answers amount to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Schedule {
    /// From the end of one check to the next; 5 s by default.
    pub period: Duration,
    /// Each period is longer or shorter by up to this share, so that many watchers do not ask at once; 0.2 by
    /// default, taken into 0 to 1.
    pub jitter: f64,
    /// For one check; 1 s by default.
    pub timeout: Duration,
    /// Good answers in a row until up; 1 by default.
    pub rise: u32,
    /// Bad answers in a row until down; 3 by default.
    pub fall: u32,
}

/// What a [`Watched`] probe last said.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// What the answers so far amount to.
    pub standing: Standing,
    /// The last answer; `None` before the first.
    pub last: Option<Result<Healthy, ProbeError>>,
    /// How many checks have ended.
    pub checks: u64,
}

/// A probe asked in the background, in a task of its own; dropped, it is asked no more.
///
/// A check that hangs is dropped at its timeout and one that panics is a bad answer: neither stops the schedule, and
/// neither is felt by another probe.
#[derive(Debug)]
pub struct Watched {
    status: watch::Receiver<Status>,
    task: JoinHandle<()>,
}

impl Default for Schedule {
    fn default() -> Self {
        let (period, timeout) = (Duration::from_secs(5), Duration::from_secs(1));
        Self { period, jitter: 0.2, timeout, rise: 1, fall: 3 }
    }
}

impl Schedule {
    /// With this time between checks.
    #[must_use]
    pub fn with_period(mut self, period: Duration) -> Self {
        self.period = period;
        self
    }

    /// With periods varied by this share.
    #[must_use]
    pub fn with_jitter(mut self, share: f64) -> Self {
        self.jitter = share;
        self
    }

    /// With this much time for one check.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// With so many good and bad answers in a row.
    #[must_use]
    pub fn with_rise_fall(mut self, rise: u32, fall: u32) -> Self {
        (self.rise, self.fall) = (rise, fall);
        self
    }

    /// The time until the next check.
    fn pause(&self) -> Duration {
        let share = if self.jitter.is_nan() { 0.0 } else { self.jitter.clamp(0.0, 1.0) };
        self.period.mul_f64(1.0 + share * (2.0 * chance() - 1.0))
    }
}

impl Watched {
    /// Begins to ask, at once and then on schedule.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with time enabled.
    pub fn spawn(probe: Arc<dyn HealthProbe>, schedule: Schedule) -> Self {
        let (sender, status) = watch::channel(Status { standing: Standing::Starting, last: None, checks: 0 });
        Self { status, task: tokio::spawn(run(probe, schedule, sender)) }
    }

    /// The last answer, without waiting for one.
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// A view that can be waited on; it sees the sender gone once this is dropped.
    pub fn subscribe(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A check in a task of its own, ended with its owner: a panic stays in it.
struct Check(JoinHandle<Result<Healthy, ProbeError>>);

impl Drop for Check {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(probe: Arc<dyn HealthProbe>, schedule: Schedule, status: watch::Sender<Status>) {
    let mut machine = RiseFall::new(schedule.rise, schedule.fall);
    loop {
        let answer = ask(&probe, schedule.timeout).await;
        let standing = match &answer {
            Ok(_) => machine.good(),
            Err(error) if error.unready_now() => machine.unready_now(),
            Err(_) => machine.bad(),
        };
        status.send_modify(|status| {
            *status = Status { standing, last: Some(answer), checks: status.checks + 1 };
        });
        sleep(schedule.pause()).await;
    }
}

async fn ask(probe: &Arc<dyn HealthProbe>, deadline: Duration) -> Result<Healthy, ProbeError> {
    let probe = probe.clone();
    let mut check = Check(tokio::spawn(async move { probe.check(deadline).await }));
    match timeout(deadline, &mut check.0).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(ProbeError::new(ProbeClass::Panicked, "")),
        Err(_) => Err(ProbeError::new(ProbeClass::Timeout, format!("no answer within {deadline:?}"))),
    }
}

/// A number from 0 to 1, by the randomness that std gives its hash maps: a probe needs no more than that.
fn chance() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 32;
    f64::from(u32::try_from(bits).unwrap_or(0)) / f64::from(u32::MAX)
}
