use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Method;

use super::answer::{Answer, whole};
use crate::SmokeFlow;
use crate::page::smoke;

/// An answer of the [`HealthService`](crate::HealthService): there already, unless a smoke test has to end first.
///
/// # Cancellation
///
/// Dropping it stops waiting; a smoke test that nobody waits for any more is broken off, and cleans up.
pub struct Answering(Kind);

enum Kind {
    /// Empty once it was taken.
    Now(Option<Answer>),
    Smoke(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

impl Answering {
    pub(super) fn now(answer: Answer) -> Self {
        Self(Kind::Now(Some(answer)))
    }

    pub(super) fn of(flow: SmokeFlow) -> Self {
        Self(Kind::Smoke(Box::pin(smoked(flow))))
    }
}

async fn smoked(flow: SmokeFlow) -> Answer {
    let report = flow.run().await;
    let status = if report.passed() { 200 } else { 500 };
    whole(status, "application/json", smoke(&report).into(), &Method::POST)
}

impl Future for Answering {
    type Output = Result<Answer, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            // Polled again after its end, which nobody may do, it never ends.
            Kind::Now(answer) => answer.take().map_or(Poll::Pending, |answer| Poll::Ready(Ok(answer))),
            Kind::Smoke(smoking) => smoking.as_mut().poll(cx).map(Ok),
        }
    }
}

impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Now(_) => "Answering::Now",
            Kind::Smoke(_) => "Answering::Smoke",
        })
    }
}
