//! No more calls than a quota allows.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use tokio::time::{Instant, sleep};

use crate::{Capabilities, Change, Drained, Observed, SwitchError, TrafficSwitcher};

/// How the layer calls itself in errors.
const NAME: &str = "the rate limit";

/// How long a call waits for its turn unless said otherwise: as long as a person does before looking elsewhere.
const PATIENCE: Duration = Duration::from_secs(10);

/// A quota: so many calls at once, then one more each `every`. Clones draw on the same one.
#[derive(Debug, Clone)]
pub struct TokenBucket {
    burst: u32,
    every: Duration,
    /// When the bucket is full again; `None` before the first call.
    full_at: Arc<Mutex<Option<Instant>>>,
}

impl TokenBucket {
    /// A full bucket of `burst` tokens (at least one), of which one comes back after each `every`.
    pub fn new(burst: u32, every: Duration) -> Self {
        Self { burst: burst.max(1), every, full_at: Arc::default() }
    }

    /// Takes the next token and says how long it is not there yet; takes none if that is longer than `patience`.
    fn take(&self, patience: Duration) -> Result<Duration, Duration> {
        let now = Instant::now();
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_after = full_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now)) + self.every;
        let wait = full_after.saturating_sub(self.every * self.burst);
        if wait > patience {
            return Err(wait);
        }
        *full_at = Some(now + full_after);
        Ok(wait)
    }
}

/// Lets no more calls through than a [`TokenBucket`] allows; a call waits for its turn.
///
/// A call whose turn would come later than the layer's patience is not made: `Throttled`, with the time until its
/// turn would come. Each call takes one token, whatever its method. One platform's quota that several switchers
/// share is one bucket, cloned. A call given up while it waits has used its turn.
#[derive(Debug)]
pub struct RateLimit<S> {
    inner: S,
    bucket: TokenBucket,
    patience: Duration,
}

impl<S> RateLimit<S> {
    /// A layer around `inner` that draws on `bucket`, with a patience of 10 s.
    pub const fn new(inner: S, bucket: TokenBucket) -> Self {
        Self { inner, bucket, patience: PATIENCE }
    }

    /// The same layer in which a call waits this long at most.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The backend behind the layer.
    pub const fn inner(&self) -> &S {
        &self.inner
    }

    async fn turn(&self) -> Result<(), SwitchError> {
        match self.bucket.take(self.patience) {
            Ok(wait) => {
                sleep(wait).await;
                Ok(())
            }
            Err(after) => Err(SwitchError::Throttled { backend: NAME, after }),
        }
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: TrafficSwitcher> TrafficSwitcher for RateLimit<S> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        self.turn().await?;
        self.inner.observe().await
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.turn().await?;
        self.inner.apply(change).await
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.turn().await?;
        self.inner.drain(slot, limit).await
    }
}
