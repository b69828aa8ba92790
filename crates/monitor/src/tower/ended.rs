use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{Request, StatusCode};

use crate::series::{LatencySink, Outcome};

/// Says where a request is counted.
///
/// Any closure `Fn(&Request<B>) -> impl EndSink` will do; a registry implements it with a handle to itself. It runs
/// before the service does, on every request: it should find the series of a route *template* registered up front and
/// allocate nothing. A path that matches no template belongs to a series of its own, never to one named after it.
pub trait Routes<B> {
    /// Where the requests of one route are counted: a handle, cheap to make and to keep for as long as the request.
    type Sink: EndSink;

    /// The sink of this request's route.
    fn route(&self, request: &Request<B>) -> Self::Sink;
}

impl<F, B, S> Routes<B> for F
where
    F: Fn(&Request<B>) -> S,
    S: EndSink,
{
    type Sink = S;

    fn route(&self, request: &Request<B>) -> S {
        self(request)
    }
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// From the call of the service to the end, wherever that is set (see [`Until`](super::Until)).
    pub took: Duration,
    /// What it counts as.
    pub outcome: Outcome,
    /// What was answered; `None` where there was no answer.
    pub status: Option<StatusCode>,
}

/// Takes the ends of requests, on the request path: like [`LatencySink`], which every implementor of is one, and with
/// the status for those who count that too. A pair takes each end twice.
pub trait EndSink {
    /// Counts one request. Cannot fail, does not block, allocates nothing.
    fn ended(&self, ended: &Ended);
}

impl<S: LatencySink> EndSink for S {
    fn ended(&self, ended: &Ended) {
        self.record(ended.took, ended.outcome);
    }
}

impl<A: EndSink, B: EndSink> EndSink for (A, B) {
    fn ended(&self, ended: &Ended) {
        self.0.ended(ended);
        self.1.ended(ended);
    }
}

impl<S: LatencySink + ?Sized> LatencySink for Arc<S> {
    fn record(&self, took: Duration, outcome: Outcome) {
        (**self).record(took, outcome);
    }
}

/// Requests by the class of their status.
#[derive(Debug, Default)]
pub struct StatusCounts {
    /// First those without an answer, then 1xx to 5xx, then stranger ones.
    counts: [AtomicU64; 7],
}

impl StatusCounts {
    /// Each class that occurred, as `2xx`, with its count; requests without an answer are `none`.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        const NAMES: [&str; 7] = ["none", "1xx", "2xx", "3xx", "4xx", "5xx", "other"];
        let counts = self.counts.iter().map(|count| count.load(Ordering::Relaxed));
        NAMES.into_iter().zip(counts).filter(|(_, count)| *count > 0)
    }
}

impl EndSink for Arc<StatusCounts> {
    fn ended(&self, ended: &Ended) {
        let class = ended.status.map_or(0, |status| usize::from(status.as_u16() / 100).min(6));
        self.counts[class].fetch_add(1, Ordering::Relaxed);
    }
}
