//! Since when what is known is known, in one word that readers share.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

const NEVER: i64 = i64::MIN;
const ALWAYS: i64 = i64::MAX;

/// Nanoseconds since the start at which everything known was last known to be so; negative for before it.
#[derive(Debug)]
pub(crate) struct Fresh {
    start: Instant,
    at: AtomicI64,
}

/// A moment, as a reader took it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AsOf {
    start: Instant,
    at: i64,
}

/// A moment without its beginning.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark(i64);

impl Fresh {
    pub(crate) fn new(start: Instant) -> Self {
        Self { start, at: AtomicI64::new(NEVER) }
    }

    /// Known to be so at this moment; never goes back to an older one.
    pub(crate) fn known_at(&self, moment: Instant) {
        let since = nanoseconds(moment.saturating_duration_since(self.start));
        self.at.fetch_max(since, Ordering::Release);
    }

    /// What was known was known this long before the start.
    pub(crate) fn known_before(&self, age: Duration) {
        self.at.fetch_max(-nanoseconds(age), Ordering::Release);
    }

    /// It cannot change.
    pub(crate) fn always(&self) {
        self.at.store(ALWAYS, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn as_of(&self) -> AsOf {
        self.moment(self.mark())
    }

    /// The moment as a bare number, which a reader can carry in a register.
    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.at.load(Ordering::Acquire))
    }

    #[inline]
    pub(crate) const fn moment(&self, mark: Mark) -> AsOf {
        AsOf { start: self.start, at: mark.0 }
    }
}

impl AsOf {
    /// Nanoseconds since the start.
    #[cfg(test)]
    pub(crate) const fn at(self) -> i64 {
        self.at
    }

    pub(crate) fn age(self) -> Option<Duration> {
        match self.at {
            NEVER => None,
            ALWAYS => Some(Duration::ZERO),
            at if at < 0 => Some(self.start.elapsed() + Duration::from_nanos(at.unsigned_abs())),
            at => Some(self.start.elapsed().saturating_sub(Duration::from_nanos(at.unsigned_abs()))),
        }
    }

    /// When an age of this much is reached, if it ever is.
    pub(crate) fn reaches(self, age: Duration) -> Option<Instant> {
        let left = age.checked_sub(self.age()?);
        (self.at != ALWAYS).then(|| Instant::now() + left.unwrap_or_default())
    }
}

/// Below the two marks, whatever comes.
fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(ALWAYS).min(ALWAYS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_age_grows_until_something_newer_is_known() {
        let fresh = Fresh::new(Instant::now());
        assert_eq!(fresh.as_of().age(), None);
        fresh.known_before(Duration::from_mins(1));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(fresh.as_of().age(), Some(Duration::from_secs(61)));
        let now = Instant::now();
        fresh.known_at(now);
        fresh.known_at(now - Duration::from_millis(500));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(fresh.as_of().age(), Some(Duration::from_secs(2)));
        assert_eq!(
            fresh.as_of().reaches(Duration::from_secs(5)),
            Some(Instant::now() + Duration::from_secs(3))
        );
        fresh.always();
        assert_eq!(fresh.as_of().age(), Some(Duration::ZERO));
        assert_eq!(fresh.as_of().reaches(Duration::ZERO), None);
    }
}
