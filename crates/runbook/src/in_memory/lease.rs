use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, Timestamp};
use tokio::time::Instant;

use crate::{Held, LEASE_TTL, Lease, LeaseError};

/// A lease kept in memory, on tokio's clock. [`InMemoryLease::holder`] makes more would-be holders of it.
#[derive(Debug, Clone)]
pub struct InMemoryLease {
    holder: String,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug)]
struct Kept {
    ttl: Duration,
    last: Fence,
    held: Option<(Held, Instant)>,
}

impl InMemoryLease {
    /// A free lease of [`LEASE_TTL`], as `holder` sees it.
    pub fn new(holder: impl Into<String>) -> Self {
        let kept = Kept { ttl: LEASE_TTL, last: Fence::ZERO, held: None };
        Self { holder: holder.into(), kept: Arc::new(Mutex::new(kept)) }
    }

    /// The same lease, as somebody else sees it.
    #[must_use]
    pub fn holder(&self, name: impl Into<String>) -> Self {
        Self { holder: name.into(), kept: Arc::clone(&self.kept) }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Lease for InMemoryLease {
    async fn acquire(&self, take_over: bool) -> Result<Held, LeaseError> {
        let mut kept = self.lock();
        if let Some(by) = kept.current()
            && !take_over
        {
            return Err(LeaseError::Held(by));
        }
        let (fence, ttl) = (kept.last.next(), kept.ttl);
        let (holder, pid, since) = (self.holder.clone(), std::process::id(), Timestamp::now());
        kept.last = fence;
        Ok(kept.keep(Held { holder, pid, fence, since, ttl, left: ttl }))
    }

    async fn renew(&self, held: &Held) -> Result<Held, LeaseError> {
        let mut kept = self.lock();
        let ours = kept.current().filter(|current| current.fence == held.fence);
        ours.map(|current| kept.keep(current)).ok_or(LeaseError::Lost { fence: held.fence })
    }

    async fn release(&self, held: Held) -> Result<(), LeaseError> {
        let mut kept = self.lock();
        if kept.current().is_some_and(|current| current.fence == held.fence) {
            kept.held = None;
        }
        Ok(())
    }

    async fn show(&self) -> Result<Option<Held>, LeaseError> {
        Ok(self.lock().current())
    }
}

impl Kept {
    fn current(&self) -> Option<Held> {
        let (held, until) = self.held.as_ref()?;
        let left = until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then(|| Held { left, ..held.clone() })
    }

    fn keep(&mut self, held: Held) -> Held {
        let held = Held { left: self.ttl, ..held };
        self.held = Some((held.clone(), Instant::now() + self.ttl));
        held
    }
}
