use std::sync::Arc;
use std::task::{Context as Task, Poll};
use std::time::Duration;

use http::request::Parts;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::answer::Answer;
use super::body::GateBody;
use super::future::GateFuture;
use crate::{Context, FlagHandle, Flags};

/// Lets requests pass while this flag is on, and answers 503 in their place while it is off.
///
/// The flag is as it is for nobody in particular until [`RequireFlag::context`] says who asks.
pub fn require_flag(flags: &Flags, name: &str) -> RequireFlag {
    RequireFlag { flag: flags.handle(name), who: Nobody, answer: Arc::new(Answer::about(name)) }
}

/// Says who asks, for flags whose rules ask that.
///
/// Any closure `Fn(&Parts) -> Context<'_>` will do. It runs only where rules decide.
pub trait Who {
    /// Who asks, from the head of the request.
    fn who<'a>(&self, parts: &'a Parts) -> Context<'a>;
}

/// Nobody in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nobody;

impl Who for Nobody {
    fn who<'a>(&self, _: &'a Parts) -> Context<'a> {
        Context::new()
    }
}

impl<F: Fn(&Parts) -> Context<'_>> Who for F {
    fn who<'a>(&self, parts: &'a Parts) -> Context<'a> {
        self(parts)
    }
}

/// Wraps services so that they are asked only while a flag is on; made by [`require_flag`].
#[derive(Debug, Clone)]
pub struct RequireFlag<W = Nobody> {
    flag: FlagHandle,
    who: W,
    answer: Arc<Answer>,
}

impl<W> RequireFlag<W> {
    /// What users are told, in place of a sentence made of the flag's name.
    #[must_use]
    pub fn message(self, message: &str) -> Self {
        Self { answer: Arc::new(self.answer.with_message(message)), ..self }
    }

    /// Says in `Retry-After` when to come again; it is not said otherwise, since nobody knows.
    #[must_use]
    pub fn retry_after(mut self, after: Duration) -> Self {
        Arc::make_mut(&mut self.answer).retry_after(after);
        self
    }

    /// Says who asks, so that a rollout admits each caller by what it is.
    #[must_use]
    pub fn context<F: Fn(&Parts) -> Context<'_>>(self, who: F) -> RequireFlag<F> {
        RequireFlag { flag: self.flag, who, answer: self.answer }
    }
}

impl<I, W: Clone> Layer<I> for RequireFlag<W> {
    type Service = Gated<I, W>;

    fn layer(&self, inner: I) -> Self::Service {
        Gated { inner, layer: self.clone(), shut: false }
    }
}

/// A service that is asked only while a flag is on; made by [`RequireFlag`].
///
/// While the flag is off for everybody it is ready whether or not the service behind it is: what is switched off because
/// it is overwhelmed keeps nobody waiting.
#[derive(Debug)]
pub struct Gated<I, W = Nobody> {
    inner: I,
    layer: RequireFlag<W>,
    /// It was ready without the service behind it.
    shut: bool,
}

impl<I: Clone, W: Clone> Clone for Gated<I, W> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone(), shut: false }
    }
}

impl<I, W, Q, A> Service<Request<Q>> for Gated<I, W>
where
    I: Service<Request<Q>, Response = Response<A>>,
    W: Who,
    A: Body,
{
    type Response = Response<GateBody<A>>;
    type Error = I::Error;
    type Future = GateFuture<I::Future>;

    fn poll_ready(&mut self, cx: &mut Task<'_>) -> Poll<Result<(), I::Error>> {
        self.shut = self.layer.flag.fixed() == Some(false);
        if self.shut { Poll::Ready(Ok(())) } else { self.inner.poll_ready(cx) }
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let on = self.layer.flag.is_on_with(|| self.layer.who.who(&parts));
        // A service that was not asked whether it is ready must not be called.
        if on && !self.shut {
            GateFuture::of(self.inner.call(Request::from_parts(parts, body)))
        } else {
            GateFuture::off(self.layer.answer.to(&parts.method))
        }
    }
}
