use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::watch::Status;
use crate::{ProbeError, Standing};

/// The other instances of a service, as far as a check is concerned.
///
/// Where the fleet cannot be asked, nobody fails open: an instance that is cut off from everything knows nothing about
/// the others.
#[async_trait]
pub trait Fleet: fmt::Debug + Send + Sync + 'static {
    /// Says how `check` stands here, and learns how it stands everywhere. Called after each answer.
    ///
    /// # Errors
    ///
    /// The others could not be asked.
    async fn share(&self, check: &str, standing: Standing) -> Result<Tally, ProbeError>;
}

/// How many instances, this one included, see a check as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// See it up.
    pub up: u32,
    /// See it down.
    pub down: u32,
}

/// When a failing check keeps nobody from traffic.
#[derive(Debug, Clone)]
pub struct FailOpen {
    pub(super) fleet: Arc<dyn Fleet>,
    pub(super) at_least: u32,
}

impl Tally {
    /// Whether it is down for everybody, and everybody is `at_least` so many.
    pub const fn is_down_for_all(self, at_least: u32) -> bool {
        self.up == 0 && self.down >= at_least && self.down > 0
    }
}

impl FailOpen {
    /// Follows a check, and keeps `open` right until the check is no longer watched.
    pub(super) async fn follow(
        self,
        check: Arc<str>,
        mut status: watch::Receiver<Status>,
        limit: Duration,
        open: Arc<AtomicBool>,
        changed: impl Fn() + Send,
    ) {
        while status.changed().await.is_ok() {
            let standing = status.borrow_and_update().standing;
            let all_down = self.all_down(&check, standing, limit).await;
            if open.swap(all_down, Ordering::Relaxed) != all_down {
                changed();
            }
        }
    }

    async fn all_down(&self, check: &str, standing: Standing, limit: Duration) -> bool {
        match timeout(limit, self.fleet.share(check, standing)).await {
            Ok(Ok(tally)) => standing == Standing::Down && tally.is_down_for_all(self.at_least),
            Ok(Err(_)) | Err(_) => false,
        }
    }
}
