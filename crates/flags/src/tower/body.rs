use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// The service's body, or what is said in its place.
    #[derive(Debug)]
    pub struct GateBody<B> {
        #[pin]
        inner: Inner<B>,
    }
}

pin_project! {
    #[project = Projected]
    #[derive(Debug)]
    enum Inner<B> {
        Service { #[pin] body: B },
        Off { said: Bytes },
    }
}

impl<B> GateBody<B> {
    pub(super) const fn of(body: B) -> Self {
        Self { inner: Inner::Service { body } }
    }

    pub(super) const fn off(said: Bytes) -> Self {
        Self { inner: Inner::Off { said } }
    }
}

impl<B: Body<Data: From<Bytes>>> Body for GateBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        match self.project().inner.project() {
            Projected::Service { body } => body.poll_frame(cx),
            Projected::Off { said } if said.is_empty() => Poll::Ready(None),
            Projected::Off { said } => Poll::Ready(Some(Ok(Frame::data(std::mem::take(said).into())))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Service { body } => body.is_end_stream(),
            Inner::Off { said } => said.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Service { body } => body.size_hint(),
            Inner::Off { said } => SizeHint::with_exact(said.len() as u64),
        }
    }
}
