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
    /// Says how the last answer of `check` was here, and learns how it was everywhere. Called after each answer.
    ///
    /// # Errors
    ///
    /// The others could not be asked.
    async fn share(&self, check: &str, standing: Standing) -> Result<Tally, ProbeError>;
}

/// How many instances, this one included, had which answer last.
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
        // How often the others were asked since it fell.
        let mut asked = 0_u32;
        while status.changed().await.is_ok() {
            let (standing, said) = {
                let status = status.borrow_and_update();
                (status.standing, said(&status))
            };
            let all_down = self.all_down(&check, said, limit).await;
            asked = if standing == Standing::Down { asked.saturating_add(1) } else { 0 };
            // Instances do not look at the same moment: what they say when this one falls may be of before.
            let doubt = asked == 1 && all_down.is_some();
            let now = standing == Standing::Down && (doubt || all_down == Some(true));
            if open.swap(now, Ordering::Relaxed) != now {
                changed();
            }
        }
    }

    /// `None` where the others could not be asked.
    async fn all_down(&self, check: &str, said: Standing, limit: Duration) -> Option<bool> {
        let tally = timeout(limit, self.fleet.share(check, said)).await.ok()?.ok()?;
        Some(tally.is_down_for_all(self.at_least))
    }
}

/// The others are told of the last answer, not of what it amounts to: so they know by the time that the first one falls.
fn said(status: &Status) -> Standing {
    match &status.last {
        Some(Ok(_)) => Standing::Up,
        Some(Err(_)) => Standing::Down,
        None => Standing::Starting,
    }
}
