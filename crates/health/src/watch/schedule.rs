use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

/// How often a probe is asked, and what its answers amount to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Schedule {
    /// From the beginning of one check to that of the next; 5 s by default. So a failure shows after `fall` periods and a
    /// timeout, at most.
    pub period: Duration,
    /// The first period is longer by up to this share, so that watchers who began together do not go on asking together;
    /// 0.2 by default, taken into 0 to 1. Later ones are not varied: a dependency is asked once a period, never more.
    pub jitter: f64,
    /// For one check; 1 s by default.
    pub timeout: Duration,
    /// Good answers in a row until up; 1 by default.
    pub rise: u32,
    /// Bad answers in a row until down; 3 by default.
    pub fall: u32,
    /// Whether a 503 is down at once, whatever `fall` is; yes by default. Not where something else may have answered in
    /// the target's place, such as a proxy on the way.
    pub unready_at_once: bool,
}

impl Default for Schedule {
    fn default() -> Self {
        let (period, timeout) = (Duration::from_secs(5), Duration::from_secs(1));
        Self { period, jitter: 0.2, timeout, rise: 1, fall: 3, unready_at_once: true }
    }
}

impl Schedule {
    /// With this time between checks.
    #[must_use]
    pub fn with_period(mut self, period: Duration) -> Self {
        self.period = period;
        self
    }

    /// With a first period that is longer by up to this share.
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

    /// With a 503 taken at its word, or like any bad answer.
    #[must_use]
    pub fn with_unready_at_once(mut self, at_once: bool) -> Self {
        self.unready_at_once = at_once;
        self
    }

    /// The longest that an answer can take to be followed by another, while the schedule runs.
    pub fn longest_gap(&self) -> Duration {
        self.period.mul_f64(1.0 + self.share()).saturating_add(self.timeout)
    }

    /// From the beginning of the check with this number, counted from one, to that of the next.
    pub(crate) fn apart(&self, check: u64) -> Duration {
        if check > 1 { self.period } else { self.period.mul_f64(1.0 + self.share() * chance()) }
    }

    fn share(&self) -> f64 {
        if self.jitter.is_nan() { 0.0 } else { self.jitter.clamp(0.0, 1.0) }
    }
}

/// A number from 0 to 1.
fn chance() -> f64 {
    let bits = u32::try_from(random() >> 32).unwrap_or(0);
    f64::from(bits) / f64::from(u32::MAX)
}

/// By the randomness that std gives its hash maps: for spreading and naming, not for secrets.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
