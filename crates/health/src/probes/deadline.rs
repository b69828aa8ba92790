use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::{Healthy, ProbeClass, ProbeError};

/// Asks until the deadline, and says how long it took.
pub(super) async fn within(
    deadline: Duration,
    asked: impl Future<Output = Result<(), ProbeError>>,
) -> Result<Healthy, ProbeError> {
    let began = Instant::now();
    timeout(deadline, asked).await.unwrap_or_else(|_| Err(late(deadline)))?;
    Ok(Healthy::after(began.elapsed()))
}

pub(super) fn late(deadline: Duration) -> ProbeError {
    ProbeError::new(ProbeClass::Timeout, format!("no answer within {deadline:?}"))
}
