use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Response;
use pin_project_lite::pin_project;

use super::body::GateBody;

pin_project! {
    /// The service's answer under way, or what is said in its place, which is there at once.
    #[derive(Debug)]
    pub struct GateFuture<F> {
        #[pin]
        inner: Inner<F>,
    }
}

pin_project! {
    #[project = Projected]
    #[derive(Debug)]
    enum Inner<F> {
        Service { #[pin] answer: F },
        Off { said: Option<Response<Bytes>> },
    }
}

impl<F> GateFuture<F> {
    pub(super) const fn of(answer: F) -> Self {
        Self { inner: Inner::Service { answer } }
    }

    pub(super) const fn off(said: Response<Bytes>) -> Self {
        Self { inner: Inner::Off { said: Some(said) } }
    }
}

impl<F, A, E> Future for GateFuture<F>
where
    F: Future<Output = Result<Response<A>, E>>,
{
    type Output = Result<Response<GateBody<A>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().inner.project() {
            Projected::Service { answer } => {
                Poll::Ready(ready!(answer.poll(cx)).map(|answer| answer.map(GateBody::of)))
            }
            Projected::Off { said } => match said.take() {
                Some(said) => Poll::Ready(Ok(said.map(GateBody::off))),
                // It was polled after its end, which says nothing.
                None => Poll::Pending,
            },
        }
    }
}
