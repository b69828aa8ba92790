use std::time::Duration;

/// The shortest a connection gets to be made and to bring everything.
const PATIENCE: Duration = Duration::from_secs(1);

/// How a store behaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    pub(super) heartbeat: Duration,
    pub(super) reconcile: Duration,
    pub(super) poll: Duration,
    pub(super) backoff: (Duration, Duration),
    pub(super) audit_outside: bool,
    pub(super) configure: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_millis(500),
            reconcile: Duration::from_secs(30),
            poll: Duration::from_secs(1),
            backoff: (Duration::from_millis(50), Duration::from_secs(1)),
            audit_outside: true,
            configure: false,
        }
    }
}

impl Options {
    /// After how long the next beat is asked for: a little sooner than the heartbeat, so that a missing answer is known
    /// within two of them, and at random, so that a thousand processes do not ask at the same moment.
    pub(super) fn beat(&self) -> Duration {
        self.heartbeat.mul_f64(0.7 + fastrand::f64() * 0.2)
    }

    /// How long a watcher waits for a connection, and for each answer of a full load.
    pub(super) fn patience(&self) -> Duration {
        PATIENCE.max(2 * self.heartbeat)
    }

    /// How long it waits after so many failures in a row: twice as long each time, and at random, so that a thousand
    /// processes do not come back at the same moment.
    pub(super) fn pause(&self, failures: u32) -> Duration {
        let (shortest, longest) = self.backoff;
        let most = shortest.saturating_mul(1 << failures.min(16)).min(longest);
        most.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

/// So long, give or take a fifth.
pub(super) fn about(time: Duration) -> Duration {
    time.mul_f64(0.8 + fastrand::f64() * 0.4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_the_shortest_to_the_longest_and_are_never_the_same() {
        let options = Options::default();
        for (failures, most) in [(0, 50), (1, 100), (3, 400), (5, 1_000), (60, 1_000)] {
            let most = Duration::from_millis(most);
            let pause = options.pause(failures);
            assert!(pause >= most / 2 && pause <= most, "{failures}: {pause:?}");
        }
        let some: std::collections::BTreeSet<_> = (0..20).map(|_| options.pause(5)).collect();
        assert!(some.len() > 1);
    }
}
