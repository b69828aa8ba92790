//! Each layer on paused time, and the kit behind all of them.

mod cached;
mod rate_limit;
mod retry;
mod retry_laws;
mod timeout;
#[cfg(feature = "tracing")]
mod traced;

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Slot};
use handover_traffic::layers::{Budget, Fault, RateLimit, Retry, Timeout, TokenBucket};
use handover_traffic::{
    Capabilities, Change, Drained, Expected, InMemory, Observed, Revision, Route, Split, SwitchError,
    TrafficSwitcher,
};

const SECOND: Duration = Duration::from_secs(1);

mod in_memory_behind_every_layer {
    handover_traffic::conformance_tests!(super::behind_every_layer());
}

fn behind_every_layer() -> impl TrafficSwitcher {
    let quota = TokenBucket::new(1_000, Duration::from_millis(1));
    Retry::new(Timeout::new(RateLimit::new(InMemory::new(), quota), SECOND))
}

fn to_green(op: &str) -> Change {
    let (route, op) = (Route::serve(Split::ALL_GREEN), OpId::new(op));
    Change { route, expected: Expected::Revision(Revision::new(0)), op, fence: Fence::ZERO }
}

fn quick() -> Budget {
    Budget::default().with_attempts(3).with_time(5 * SECOND).with_pause(SECOND)
}

/// Writes down what each call was answered.
#[derive(Debug)]
struct Noted<S> {
    inner: S,
    calls: Mutex<Vec<(&'static str, &'static str)>>,
}

impl<S> Noted<S> {
    fn new(inner: S) -> Self {
        Self { inner, calls: Mutex::default() }
    }

    fn calls(&self) -> Vec<(&'static str, &'static str)> {
        self.calls.lock().unwrap().clone()
    }

    fn note<T>(&self, call: &'static str, answer: &Result<T, SwitchError>) {
        let said = answer.as_ref().err().map_or("ok", SwitchError::kind);
        self.calls.lock().unwrap().push((call, said));
    }
}

#[async_trait]
impl<S: TrafficSwitcher> TrafficSwitcher for Noted<S> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        let answer = self.inner.observe().await;
        self.note("observe", &answer);
        answer
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let answer = self.inner.apply(change).await;
        self.note("apply", &answer);
        answer
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let answer = self.inner.drain(slot, limit).await;
        self.note("drain", &answer);
        answer
    }
}

/// A path to a fresh backend on which every call is noted.
fn noted(path: impl FnOnce(Fault<InMemory>) -> Fault<InMemory>) -> Noted<Fault<InMemory>> {
    Noted::new(path(Fault::new(InMemory::new())))
}
