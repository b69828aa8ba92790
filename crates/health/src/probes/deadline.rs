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
    in_time(deadline, asked).await?;
    Ok(Healthy::after(began.elapsed()))
}

/// Asks until the deadline.
pub(super) async fn in_time<T>(
    deadline: Duration,
    asked: impl Future<Output = Result<T, ProbeError>>,
) -> Result<T, ProbeError> {
    timeout(deadline, asked).await.unwrap_or_else(|_| Err(late(deadline)))
}

pub(super) fn late(deadline: Duration) -> ProbeError {
    ProbeError::new(ProbeClass::Timeout, format!("no answer within {deadline:?}"))
}
