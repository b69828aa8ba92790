use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::run::SmokeRun;
use crate::ProbeError;
use crate::guarded::guarded;

type Work = Pin<Box<dyn Future<Output = Result<(), ProbeError>> + Send>>;

/// Something to do within a time.
#[derive(Clone)]
pub(super) struct Part<Argument> {
    pub(super) name: &'static str,
    deadline: Duration,
    work: Arc<dyn Fn(Argument) -> Work + Send + Sync>,
}

/// Something to do in each run.
pub(super) type RunPart = Part<SmokeRun>;

impl<Argument: Send + 'static> Part<Argument> {
    pub(super) fn new<F, Done>(name: &'static str, deadline: Duration, work: F) -> Self
    where
        F: Fn(Argument) -> Done + Send + Sync + 'static,
        Done: Future<Output = Result<(), ProbeError>> + Send + 'static,
    {
        Self { name, deadline, work: Arc::new(move |argument| Box::pin(work(argument))) }
    }

    pub(super) async fn done(&self, argument: Argument) -> Result<(), ProbeError> {
        let work = self.work.clone();
        // Called within: what is called may panic before it gives a future.
        guarded(async move { work(argument).await }, self.deadline).await
    }
}

impl<Argument> fmt::Debug for Part<Argument> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("name", &self.name)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
