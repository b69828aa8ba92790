use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::{ProbeClass, ProbeError};

/// A task that ends with its owner.
struct Owned<T>(JoinHandle<T>);

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An answer by the deadline, whatever `work` does: it runs in a task of its own, where a panic stays, and is dropped when
/// it is late.
pub(crate) async fn guarded<T: Send + 'static>(
    work: impl Future<Output = Result<T, ProbeError>> + Send + 'static,
    deadline: Duration,
) -> Result<T, ProbeError> {
    let mut task = Owned(tokio::spawn(work));
    match timeout(deadline, &mut task.0).await {
        Ok(Ok(answer)) => answer,
        // What a panic says may hold what the public must not see.
        Ok(Err(_)) => Err(ProbeError::new(ProbeClass::Panicked, "")),
        Err(_) => Err(ProbeError::new(ProbeClass::Timeout, format!("no answer within {deadline:?}"))),
    }
}
