//! What was asked of a backend, for whoever reads traces.

use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument as _, Span, info_span};

use crate::{Capabilities, Change, Drained, Observed, SwitchError, TrafficSwitcher};

/// Opens a span around each call: `traffic.observe`, `traffic.apply`, `traffic.drain`.
///
/// Each ends with `outcome` (`ok`, the error's [`SwitchError::kind`], or `given up` where the caller dropped the
/// call) and `took_ms`. Names, shares and fences are written; causes of errors are not, since they are the backend's
/// own words.
#[derive(Debug)]
pub struct Traced<S> {
    inner: S,
    backend: &'static str,
}

impl<S> Traced<S> {
    /// A layer around `inner`, which the spans call `backend`.
    pub const fn new(inner: S, backend: &'static str) -> Self {
        Self { inner, backend }
    }

    /// The backend behind the layer.
    pub const fn inner(&self) -> &S {
        &self.inner
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: TrafficSwitcher> TrafficSwitcher for Traced<S> {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        let span = info_span!(
            "traffic.observe",
            backend = self.backend,
            split = Empty,
            revision = Empty,
            outcome = Empty,
            took_ms = Empty,
        );
        let seen = watched(span.clone(), self.inner.observe()).await?;
        span.record("split", tracing::field::display(seen.route.split));
        span.record("revision", seen.revision.get());
        Ok(seen)
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let span = info_span!(
            "traffic.apply",
            backend = self.backend,
            op = %change.op,
            split = %change.route.split,
            mode = ?change.route.mode,
            fence = change.fence.get(),
            outcome = Empty,
            took_ms = Empty,
        );
        watched(span, self.inner.apply(change)).await
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let span = info_span!(
            "traffic.drain",
            backend = self.backend,
            %slot,
            ?limit,
            left = Empty,
            outcome = Empty,
            took_ms = Empty,
        );
        let drained = watched(span.clone(), self.inner.drain(slot, limit)).await?;
        span.record("left", tracing::field::debug(drained));
        Ok(drained)
    }
}

/// Makes the call inside its span and writes down how it ended.
async fn watched<T>(
    span: Span,
    call: impl Future<Output = Result<T, SwitchError>>,
) -> Result<T, SwitchError> {
    let mut watch = Watch { span: span.clone(), begun: Instant::now(), outcome: "given up" };
    let answer = call.instrument(span).await;
    watch.outcome = answer.as_ref().err().map_or("ok", SwitchError::kind);
    answer
}

/// Writes how a call ended when it is dropped, which a call that was given up is too.
struct Watch {
    span: Span,
    begun: Instant,
    outcome: &'static str,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.span.record("outcome", self.outcome);
        self.span.record("took_ms", self.begun.elapsed().as_secs_f64() * 1_000.0);
    }
}
