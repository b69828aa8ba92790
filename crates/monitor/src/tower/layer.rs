use std::sync::Arc;
use std::task::{Context, Poll};

use handover_core::Clock;
use http::{Method, Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::body::RecordBody;
use super::ended::Routes;
use super::future::RecordFuture;
use super::guard::Guard;

/// Until when a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Until {
    /// Until the answer's head: how long the service thought.
    Headers,
    /// Until the server has the last byte of the body: how long the client waited, as far as the service can tell.
    #[default]
    BodyEnd,
}

/// Wraps services so that their requests are recorded.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use handover_core::SystemClock;
/// use handover_monitor::Series;
/// use handover_monitor::tower::{RecordLayer, Until};
///
/// let (everything, clock) = (Arc::new(Series::new()), Arc::new(SystemClock::new()));
/// let route = move |_: &http::Request<String>| everything.clone();
/// let layer = RecordLayer::new(clock, route).until(Until::Headers);
/// # let _ = layer;
/// ```
#[derive(Debug, Clone)]
pub struct RecordLayer<R> {
    routes: R,
    clock: Arc<dyn Clock>,
    until: Until,
}

/// A service whose requests are recorded; made by [`RecordLayer`].
#[derive(Debug, Clone)]
pub struct Record<I, R> {
    inner: I,
    layer: RecordLayer<R>,
}

impl<R> RecordLayer<R> {
    /// Records to the end of the body, in the sink that `routes` names.
    pub fn new(clock: Arc<dyn Clock>, routes: R) -> Self {
        Self { routes, clock, until: Until::default() }
    }

    /// Until when a request takes.
    #[must_use]
    pub fn until(mut self, until: Until) -> Self {
        self.until = until;
        self
    }
}

impl<I, R: Clone> Layer<I> for RecordLayer<R> {
    type Service = Record<I, R>;

    fn layer(&self, inner: I) -> Self::Service {
        Record { inner, layer: self.clone() }
    }
}

impl<I, R, Q, A> Service<Request<Q>> for Record<I, R>
where
    I: Service<Request<Q>, Response = Response<A>>,
    R: Routes<Q>,
    A: Body,
{
    type Response = Response<RecordBody<A, R::Sink>>;
    type Error = I::Error;
    type Future = RecordFuture<I::Future, R::Sink>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let guard = Guard::new(self.layer.routes.route(&request), self.layer.clock.clone());
        let bodiless = matches!(*request.method(), Method::HEAD | Method::CONNECT);
        let until = if bodiless { Until::Headers } else { self.layer.until };
        RecordFuture::new(self.inner.call(request), guard, until)
    }
}
