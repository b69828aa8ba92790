//! Who may act.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, Hint, Retry, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a lease lasts without being renewed. The engine renews it three times as often.
///
/// Long enough for two lost renewals, short enough that a dead driver is noticed before people are.
pub const LEASE_TTL: Duration = Duration::from_secs(15);

/// The right to act, given to one driver at a time.
///
/// A value of this trait belongs to one would-be holder.
///
/// # Contract
///
/// 1. At most one lease is in force. Each acquisition has a higher fence than every one before.
/// 2. A lease that ran out or was taken over is never renewed: [`LeaseError::Lost`].
/// 3. Without `take_over`, a living holder's lease is refused with [`LeaseError::Held`]. A holder that is
///    known to be dead is not waited for.
/// 4. A release of a lease that is no longer held changes nothing.
#[async_trait]
pub trait Lease: fmt::Debug + Send + Sync {
    /// Takes the lease; with `take_over` from a living holder too.
    ///
    /// # Errors
    ///
    /// Nothing changed, except for [`LeaseError::Unreachable`].
    async fn acquire(&self, take_over: bool) -> Result<Held, LeaseError>;

    /// Holds it for another `ttl` from now, under the same fence.
    ///
    /// # Errors
    ///
    /// [`LeaseError::Lost`] means: stop acting at once.
    async fn renew(&self, held: &Held) -> Result<Held, LeaseError>;

    /// Gives it back, so that the next driver need not wait.
    ///
    /// # Errors
    ///
    /// The lease runs out by itself then.
    async fn release(&self, held: Held) -> Result<(), LeaseError>;

    /// Who holds it; `None` when nobody does or the time is over.
    ///
    /// # Errors
    ///
    /// It is not known who holds it.
    async fn show(&self) -> Result<Option<Held>, LeaseError>;
}

/// A lease in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Who, in words for a person.
    pub holder: String,
    /// The holder's process.
    pub pid: u32,
    /// What each of its effects carries.
    pub fence: Fence,
    /// When it was acquired, on the wall clock.
    pub since: Timestamp,
    /// How long it lasts from acquisition or renewal.
    pub ttl: Duration,
    /// How much of that was left when this value was made.
    pub left: Duration,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let age = Timestamp::now().since(self.since).as_secs();
        write!(f, "{} (process {}, for {age} s, fence {})", self.holder, self.pid, self.fence)
    }
}

/// Why the lease is not ours.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LeaseError {
    /// Somebody else holds it. Nothing changed.
    #[error("the lease is held by {0}")]
    Held(Held),
    /// It ran out, or somebody took it over. This driver must not act any more.
    #[error("the lease with fence {fence} is no longer held")]
    Lost {
        /// The fence that is over.
        fence: Fence,
    },
    /// Whoever keeps the lease did not answer; it may or may not have changed.
    #[error("could not {attempted} the lease")]
    Unreachable {
        /// `acquire`, `renew`, `release` or `read`.
        attempted: &'static str,
        /// What went wrong.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl LeaseError {
    /// What a caller may do next.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Held(held) => Retry::After(held.left),
            Self::Lost { .. } => Retry::Never,
            Self::Unreachable { .. } => Retry::AfterReadBack,
        }
    }
}

impl Hint for LeaseError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Held(_) => {
                Some("wait for it to end, or take it over with `handover lease take-over`".into())
            }
            Self::Lost { .. } => Some("`handover lease show` says who holds it now".into()),
            Self::Unreachable { .. } => None,
        }
    }
}
