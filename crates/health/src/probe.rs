use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::ProbeError;

/// A good answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Healthy {
    /// How long the answer took.
    pub elapsed: Duration,
    /// What was measured, where the probe measures something.
    pub measured: Option<Measured>,
}

/// A figure with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// How much.
    pub value: u64,
    /// Of what: `percent`, `bytes`.
    pub unit: &'static str,
}

impl Healthy {
    /// A good answer after this long.
    pub const fn after(elapsed: Duration) -> Self {
        Self { elapsed, measured: None }
    }

    /// With what was measured.
    #[must_use]
    pub const fn measuring(mut self, value: u64, unit: &'static str) -> Self {
        self.measured = Some(Measured { value, unit });
        self
    }
}

/// Asks one thing whether it is well.
///
/// # Contract
///
/// 1. **In time.** `check` returns within `deadline`; what is not known by then is [`ProbeClass::Timeout`].
/// 2. **Only asks.** A check changes nothing that matters, so it may be repeated at any time.
/// 3. **Discreet.** What an error prints is its class; messages of others go into its detail.
/// 4. **Does not block.** A check waits asynchronously; blocking work goes to a thread of its own.
///
/// # Cancellation
///
/// Dropping the future at any await point ends the check and what it opened.
///
/// [`ProbeClass::Timeout`]: crate::ProbeClass::Timeout
#[async_trait]
pub trait HealthProbe: fmt::Debug + Send + Sync + 'static {
    /// Asks once.
    ///
    /// # Errors
    ///
    /// It is not well, or it could not be asked; nothing changed either way.
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError>;
}

#[async_trait]
impl<P: HealthProbe + ?Sized> HealthProbe for Arc<P> {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        (**self).check(deadline).await
    }
}
