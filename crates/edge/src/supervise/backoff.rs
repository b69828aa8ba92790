use std::time::Duration;

use tokio::time::Instant;

const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

/// A process that ran this long is thought to have been well: its next end is a first one again.
const STABLE_RUN: Duration = Duration::from_secs(10);

/// How long to wait before the next launch: twice as long after each, and from the beginning after a stable run.
#[derive(Debug)]
pub(crate) struct Backoff {
    next: Duration,
    launched: Instant,
}

impl Backoff {
    pub(crate) fn new() -> Self {
        Self { next: SHORTEST, launched: Instant::now() }
    }

    /// A launch was made now.
    pub(crate) fn launched(&mut self) {
        self.launched = Instant::now();
    }

    /// What was launched has ended now: how long to wait.
    pub(crate) fn pause(&mut self) -> Duration {
        if self.launched.elapsed() >= STABLE_RUN {
            self.next = SHORTEST;
        }
        let pause = self.next;
        self.next = self.next.saturating_mul(2).min(LONGEST);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_double_up_to_a_limit_and_begin_again_after_a_stable_run() {
        let mut backoff = Backoff::new();
        let mut pauses = Vec::new();
        for _ in 0..10 {
            backoff.launched();
            pauses.push(backoff.pause().as_millis());
        }
        assert_eq!(pauses, [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000]);
        backoff.launched();
        tokio::time::advance(STABLE_RUN).await;
        assert_eq!(backoff.pause(), SHORTEST);
    }
}
