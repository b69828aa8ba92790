use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use handover_core::Timestamp;
use tokio::time::Instant;

use crate::{ProbeClass, Standing};

/// How many changes are kept.
const CHANGES: usize = 32;
/// Over how many checks the 95th percentile is taken.
const CHECKS: usize = 128;

/// A probe's standing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transition {
    /// When, on the wall clock.
    pub at: Timestamp,
    /// What it was.
    pub from: Standing,
    /// What it is now.
    pub to: Standing,
    /// How long it had been so.
    pub lasted: Duration,
    /// What kind of failure the last answer was; `None` where it was good.
    pub class: Option<ProbeClass>,
}

/// The recent past of a probe.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Lately {
    /// The last 32 changes, the oldest first.
    pub changes: Arc<[Transition]>,
    /// The 95th percentile (nearest rank) of how long the last 128 checks took, failed ones included; `None` before
    /// the first.
    pub p95: Option<Duration>,
}

/// Collects a probe's past.
#[derive(Debug)]
pub(super) struct History {
    since: Instant,
    lately: Lately,
    times: VecDeque<Duration>,
}

impl History {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), lately: Lately::default(), times: VecDeque::with_capacity(CHECKS) }
    }

    pub(super) fn lately(&self) -> &Lately {
        &self.lately
    }

    /// A check ended after `took`.
    pub(super) fn took(&mut self, took: Duration) {
        if self.times.len() == CHECKS {
            self.times.pop_front();
        }
        self.times.push_back(took);
        self.lately.p95 = p95(&self.times);
    }

    /// The standing changed now.
    pub(super) fn changed(&mut self, from: Standing, to: Standing, class: Option<ProbeClass>) {
        let now = Instant::now();
        let lasted = now - std::mem::replace(&mut self.since, now);
        let change = Transition { at: Timestamp::now(), from, to, lasted, class };
        let kept = self.lately.changes.len().saturating_sub(CHANGES - 1);
        self.lately.changes = self.lately.changes[kept..].iter().cloned().chain([change]).collect();
    }
}

fn p95(times: &VecDeque<Duration>) -> Option<Duration> {
    let mut sorted: Vec<_> = times.iter().copied().collect();
    sorted.sort_unstable();
    sorted.get((sorted.len() * 95).div_ceil(100).saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_last_changes_are_kept_with_how_long_the_former_standing_lasted() {
        let mut history = History::new();
        for change in 0..40 {
            tokio::time::advance(Duration::from_secs(change)).await;
            history.changed(Standing::Up, Standing::Down, Some(ProbeClass::Refused));
        }
        let lasted: Vec<_> = history.lately().changes.iter().map(|change| change.lasted.as_secs()).collect();
        assert_eq!(lasted, (8..40).collect::<Vec<_>>());
    }

    #[test]
    fn p95_is_the_nearest_rank_of_the_last_checks() {
        let mut history = History::new();
        assert_eq!(history.lately().p95, None);
        history.took(Duration::from_millis(7));
        assert_eq!(history.lately().p95, Some(Duration::from_millis(7)));
        for millis in 1..=1_000 {
            history.took(Duration::from_millis(millis));
        }
        // Of 873 to 1,000 the 122nd, as 0.95 * 128 is 121.6.
        assert_eq!(history.lately().p95, Some(Duration::from_millis(994)));
    }
}
