use std::fmt;
use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, timeout};

use crate::{HealthProbe, Healthy, ProbeClass, ProbeError};

/// A probe made of a function; see [`probe_fn`].
pub struct ProbeFn<F>(F);

/// A probe of one's own, in one line.
///
/// ```
/// # use handover_health::{Check, ProbeError, probe_fn};
/// # #[derive(Clone)] struct Queue; impl Queue { async fn ping(&self) -> std::io::Result<()> { Ok(()) } }
/// # let queue = Queue;
/// let ping = move || { let queue = queue.clone(); async move { queue.ping().await.map_err(ProbeError::other) } };
/// let check = Check::new("queue", probe_fn(ping));
/// # let _ = check;
/// ```
pub fn probe_fn<F, Answer>(ask: F) -> ProbeFn<F>
where
    F: Fn() -> Answer + Send + Sync + 'static,
    Answer: Future<Output = Result<(), ProbeError>> + Send,
{
    ProbeFn(ask)
}

#[async_trait]
impl<F, Answer> HealthProbe for ProbeFn<F>
where
    F: Fn() -> Answer + Send + Sync + 'static,
    Answer: Future<Output = Result<(), ProbeError>> + Send,
{
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        let begun = Instant::now();
        let late = |_| ProbeError::new(ProbeClass::Timeout, format!("no answer within {deadline:?}"));
        timeout(deadline, (self.0)()).await.map_err(late)??;
        Ok(Healthy::after(begun.elapsed()))
    }
}

impl<F> fmt::Debug for ProbeFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProbeFn")
    }
}
