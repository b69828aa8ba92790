use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use handover_core::Clock;
use http::StatusCode;

use super::ended::{EndSink, Ended};
use crate::series::Outcome;

/// A request that is not over. Dropped before it was said to be, it was given up, or broke.
pub(super) struct Guard<S: EndSink> {
    sink: S,
    clock: Arc<dyn Clock>,
    began: Duration,
    status: Option<StatusCode>,
    outcome: Option<Outcome>,
}

impl<S: EndSink> Guard<S> {
    pub(super) fn new(sink: S, clock: Arc<dyn Clock>) -> Self {
        Self { sink, began: clock.now(), clock, status: None, outcome: None }
    }

    /// The answer's head is here.
    pub(super) const fn answered(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    /// The answer is complete.
    pub(super) fn complete(mut self) {
        self.outcome = Some(if self.answered_with_failure() { Outcome::Error } else { Outcome::Ok });
    }

    /// There will be no answer, or no more of it.
    pub(super) fn failed(mut self) {
        self.outcome = Some(Outcome::Error);
    }

    fn answered_with_failure(&self) -> bool {
        self.status.is_some_and(|status| status.is_server_error())
    }

    /// What it was when nobody said.
    fn dropped(&self) -> Outcome {
        // What had failed before the client left has failed; and a panic drops the future without the client's doing.
        if self.answered_with_failure() || std::thread::panicking() {
            Outcome::Error
        } else {
            Outcome::Cancelled
        }
    }
}

impl<S: EndSink> Drop for Guard<S> {
    fn drop(&mut self) {
        let outcome = self.outcome.unwrap_or_else(|| self.dropped());
        let took = self.clock.now().saturating_sub(self.began);
        self.sink.ended(&Ended { took, outcome, status: self.status });
    }
}

impl<S: EndSink> fmt::Debug for Guard<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Guard");
        shown.field("began", &self.began).field("status", &self.status).finish_non_exhaustive()
    }
}
