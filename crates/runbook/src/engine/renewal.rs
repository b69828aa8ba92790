//! Keeps the lease, and knows the moment from which this driver must not act any more.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};

use crate::{Held, Lease, LeaseError};

/// A lease that a task of its own renews every third of its time.
#[derive(Debug)]
pub(super) struct Renewal {
    lease: Arc<dyn Lease>,
    held: Held,
    /// Until when it is surely ours; `None` once it is not.
    until: watch::Receiver<Option<Instant>>,
    task: JoinHandle<()>,
}

impl Renewal {
    pub(super) async fn begin(lease: Arc<dyn Lease>, take_over: bool) -> Result<Self, LeaseError> {
        // Counted from before the question, so that our end is never later than the keeper's.
        let asked = Instant::now();
        let held = lease.acquire(take_over).await?;
        let end = asked + held.left;
        let (sender, until) = watch::channel(Some(end));
        let task = tokio::spawn(renew(Arc::clone(&lease), held.clone(), end, sender));
        Ok(Self { lease, held, until, task })
    }

    pub(super) fn held(&self) -> &Held {
        &self.held
    }

    /// Whether it is ours at this moment, even if the task had no chance to run since it ran out.
    pub(super) fn in_force(&self) -> bool {
        self.until.borrow().is_some_and(|until| Instant::now() < until)
    }

    /// Returns when it is ours no more.
    pub(super) async fn lost(&self) {
        // An error means that the task is gone, and nobody renews.
        self.until.clone().wait_for(Option::is_none).await.ok();
    }

    pub(super) async fn release(self) {
        self.task.abort();
        // It runs out by itself if this fails.
        self.lease.release(self.held.clone()).await.ok();
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn renew(lease: Arc<dyn Lease>, held: Held, mut end: Instant, until: watch::Sender<Option<Instant>>) {
    let mut wait = held.ttl / 3;
    loop {
        sleep(wait.min(end.saturating_duration_since(Instant::now()))).await;
        let asked = Instant::now();
        wait = match timeout_at(end, lease.renew(&held)).await {
            Ok(Ok(renewed)) => {
                end = asked + renewed.left;
                until.send_replace(Some(end));
                held.ttl / 3
            }
            // Whoever keeps it may be restarting: ask again soon, while it is still ours.
            Ok(Err(LeaseError::Unreachable { .. })) if Instant::now() < end => {
                (held.ttl / 15).max(Duration::from_millis(10))
            }
            _ => break,
        };
    }
    until.send_replace(None);
}
