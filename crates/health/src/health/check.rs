use std::sync::Arc;
use std::time::Duration;

use super::fail_open::{FailOpen, Fleet};
use super::invalid::InvalidHealth;
use crate::{HealthProbe, Schedule};

/// What a failure means for the traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Criticality {
    /// No traffic while it fails.
    Critical,
    /// Users miss something; traffic goes on.
    Degrades,
    /// It is shown, and changes nothing.
    Informs,
}

/// A probe with its name, its schedule, and what its failure means.
///
/// By default it is critical, asked every 5 s for at most 1 s, up after one good answer, down
/// after three bad ones, and believed for three periods and the timeout.
#[derive(Debug, Clone)]
pub struct Check {
    pub(super) name: Arc<str>,
    pub(super) probe: Arc<dyn HealthProbe>,
    pub(super) schedule: Schedule,
    pub(super) criticality: Criticality,
    pub(super) startup: bool,
    pub(super) fail_open: Option<FailOpen>,
    max_age: Option<Duration>,
    /// Said, and so not fitted to the period.
    timeout: Option<Duration>,
}

/// Names go into JSON, headers, logs and gRPC's service names; none needs more than this.
const LONGEST_NAME: usize = 64;
/// Nobody waits longer for a first sign.
const LONGEST: Duration = Duration::from_hours(24);
const SHORTEST: Duration = Duration::from_millis(1);

impl Check {
    /// A critical check called `name` in every answer.
    pub fn new(name: &str, probe: impl HealthProbe) -> Self {
        Self {
            name: name.into(),
            probe: Arc::new(probe),
            schedule: Schedule::default(),
            criticality: Criticality::Critical,
            startup: false,
            fail_open: None,
            max_age: None,
            timeout: None,
        }
    }

    /// A failure keeps traffic away; the default.
    #[must_use]
    pub fn critical(mut self) -> Self {
        self.criticality = Criticality::Critical;
        self
    }

    /// A failure is said, and traffic goes on: the right choice for what every replica shares and users can do without
    /// for a while, such as somebody else's API.
    #[must_use]
    pub fn degrades(mut self) -> Self {
        self.criticality = Criticality::Degrades;
        self
    }

    /// A failure is only shown.
    #[must_use]
    pub fn informs(mut self) -> Self {
        self.criticality = Criticality::Informs;
        self
    }

    /// Asked until it passes for the first time, and then never again; until then the process is starting.
    #[must_use]
    pub fn startup(mut self) -> Self {
        self.startup = true;
        self
    }

    /// Asked this often: from the beginning of one check to that of the next.
    #[must_use]
    pub fn every(mut self, period: Duration) -> Self {
        self.schedule.period = period;
        self.fitted()
    }

    /// With this much time for one check; otherwise 1 s, or the period where that is shorter.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self.fitted()
    }

    /// With a first period that is longer by up to this share, 0 to 1: see [`Schedule::jitter`].
    #[must_use]
    pub fn jitter(mut self, share: f64) -> Self {
        self.schedule.jitter = share;
        self
    }

    /// Up after so many good answers in a row.
    #[must_use]
    pub fn rise(mut self, answers: u32) -> Self {
        self.schedule.rise = answers;
        self
    }

    /// Down after so many bad answers in a row.
    #[must_use]
    pub fn fall(mut self, answers: u32) -> Self {
        self.schedule.fall = answers;
        self
    }

    /// An answer older than this is not believed: the check is then `unknown`.
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Stays ready when the check fails on every instance at once: taking all of them out helps nobody. Counts from
    /// `at_least` instances on, which keeps a lonely instance from calling itself everybody. The others are asked within
    /// the check's timeout after each answer, and the first time they do not agree may be of before: so a failure of this
    /// instance alone shows a period later. Where they cannot be asked there is no such doubt.
    #[must_use]
    pub fn fail_open(mut self, fleet: impl Fleet, at_least: u32) -> Self {
        self.fail_open = Some(FailOpen { fleet: Arc::new(fleet), at_least });
        self
    }

    fn fitted(mut self) -> Self {
        let usual = Schedule::default().timeout.min(self.schedule.period);
        self.schedule.timeout = self.timeout.unwrap_or(usual);
        self
    }

    pub(super) fn oldest(&self) -> Duration {
        let usual = self.schedule.period.saturating_mul(3).saturating_add(self.schedule.timeout);
        // With much jitter three periods may be less than one long gap.
        self.max_age.unwrap_or_else(|| usual.max(self.schedule.longest_gap()))
    }

    pub(super) fn validate(&self) -> Result<(), InvalidHealth> {
        valid_name(&self.name)?;
        let check = || self.name.to_string();
        for (what, time) in [("period", self.schedule.period), ("timeout", self.schedule.timeout)] {
            if !(SHORTEST..=LONGEST).contains(&time) {
                return Err(InvalidHealth::Time { check: check(), what, time });
            }
        }
        if self.schedule.timeout > self.schedule.period {
            return Err(InvalidHealth::Overlap { check: check() });
        }
        if !(0.0..=1.0).contains(&self.schedule.jitter) {
            return Err(InvalidHealth::Jitter { check: check() });
        }
        let least = self.schedule.longest_gap();
        if self.oldest() < least {
            return Err(InvalidHealth::MaxAge { check: check(), least });
        }
        Ok(())
    }
}

/// Letters, digits, `_`, `-` and `.`, beginning with a letter or a digit.
pub(super) fn valid_name(name: &str) -> Result<(), InvalidHealth> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if begins && name.len() <= LONGEST_NAME && name.bytes().all(plain) {
        return Ok(());
    }
    Err(InvalidHealth::Name(name.chars().take(LONGEST_NAME).collect()))
}

/// What the answers themselves call something.
const RESERVED: [&str; 5] = ["liveness", "readiness", "scheduler", "startup", "uptime"];

pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}
