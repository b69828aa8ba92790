use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::{ProbeClass, ProbeError};

/// Looks at this process alone: the only kind of probe that liveness accepts.
///
/// Who fails liveness is killed and started again, which mends no dependency. So this cannot wait, and must not ask
/// anybody: it reads a number that is already there.
pub trait LocalProbe: fmt::Debug + Send + Sync + 'static {
    /// Looks once. Called every second on the runtime; it must not block.
    ///
    /// # Errors
    ///
    /// The process cannot go on, and only a new one helps.
    fn look(&self) -> Result<(), ProbeError>;
}

impl<P: LocalProbe + ?Sized> LocalProbe for Arc<P> {
    fn look(&self) -> Result<(), ProbeError> {
        (**self).look()
    }
}

/// A sign of life that a loop gives: a worker that hangs or is deadlocked is found by its silence.
///
/// ```
/// # use std::{sync::Arc, time::Duration};
/// # use handover_health::Heartbeat;
/// let worker = Arc::new(Heartbeat::new(Duration::from_secs(60)));
/// let beating = worker.clone(); // goes to the builder's `live("worker", …)`
/// worker.beat();                // in the loop, once a turn
/// # let _ = beating;
/// ```
#[derive(Debug)]
pub struct Heartbeat {
    limit: Duration,
    origin: Instant,
    /// Milliseconds since the origin.
    last: AtomicU64,
}

impl Heartbeat {
    /// Dead after `limit` without a beat; creating it is the first.
    pub fn new(limit: Duration) -> Self {
        Self { limit, origin: Instant::now(), last: AtomicU64::new(0) }
    }

    /// Still there. Allocates and waits for nothing.
    pub fn beat(&self) {
        self.last.fetch_max(self.now(), Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl LocalProbe for Heartbeat {
    fn look(&self) -> Result<(), ProbeError> {
        let silent = Duration::from_millis(self.now().saturating_sub(self.last.load(Ordering::Relaxed)));
        if silent <= self.limit {
            return Ok(());
        }
        Err(ProbeError::new(
            ProbeClass::Timeout,
            format!("no beat for {silent:?}, allowed are {:?}", self.limit),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_heart_is_dead_after_its_limit_of_silence_and_lives_with_the_next_beat() {
        let heart = Arc::new(Heartbeat::new(Duration::from_secs(2)));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(heart.look(), Ok(()));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(heart.look().unwrap_err().class(), ProbeClass::Timeout);
        heart.beat();
        assert_eq!(heart.look(), Ok(()));
    }
}
