use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::ended::EndSink;
use super::guard::Guard;

pin_project! {
    /// An answer's body on its way; dropped before its end, the request was cancelled.
    #[derive(Debug)]
    pub struct RecordBody<B, S: EndSink> {
        #[pin]
        inner: B,
        guard: Option<Guard<S>>,
        left: Option<u64>,
    }
}

impl<B: Body, S: EndSink> RecordBody<B, S> {
    pub(super) fn new(inner: B, guard: Option<Guard<S>>, headers: &HeaderMap) -> Self {
        let left = inner.size_hint().exact().or_else(|| declared(headers));
        Self { inner, guard, left }
    }
}

/// The length the server will hold the body to.
fn declared(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl<B: Body, S: EndSink> Body for RecordBody<B, S> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let frame = ready!(this.inner.as_mut().poll_frame(cx));
        match &frame {
            None => end(this.guard, Guard::complete),
            Some(Err(_)) => end(this.guard, Guard::failed),
            Some(Ok(frame)) => {
                // A server that has all it needs drops the body without asking for the end.
                if passes_the_last(this.left, frame) || this.inner.is_end_stream() {
                    end(this.guard, Guard::complete);
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

fn end<S: EndSink>(guard: &mut Option<Guard<S>>, how: fn(Guard<S>)) {
    guard.take().into_iter().for_each(how);
}

/// Whether nothing can follow this frame: it holds the trailers, or the last of the bytes that were announced.
fn passes_the_last<D: bytes::Buf>(left: &mut Option<u64>, frame: &Frame<D>) -> bool {
    let Some(data) = frame.data_ref() else { return frame.is_trailers() };
    *left = left.map(|left| left.saturating_sub(u64::try_from(data.remaining()).unwrap_or(u64::MAX)));
    *left == Some(0)
}
