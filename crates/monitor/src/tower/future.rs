use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::header::CONTENT_TYPE;
use http::response::Parts;
use http::{Response, StatusCode};
use http_body::Body;
use pin_project_lite::pin_project;

use super::body::RecordBody;
use super::ended::EndSink;
use super::guard::Guard;
use super::layer::Until;

pin_project! {
    /// A request under way; dropped, it was cancelled.
    #[derive(Debug)]
    pub struct RecordFuture<F, S: EndSink> {
        #[pin]
        inner: F,
        guard: Option<Guard<S>>,
        until: Until,
    }
}

impl<F, S: EndSink> RecordFuture<F, S> {
    pub(super) const fn new(inner: F, guard: Guard<S>, until: Until) -> Self {
        Self { inner, guard: Some(guard), until }
    }
}

impl<F, A, E, S> Future for RecordFuture<F, S>
where
    F: Future<Output = Result<Response<A>, E>>,
    A: Body,
    S: EndSink,
{
    type Output = Result<Response<RecordBody<A, S>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = ready!(this.inner.poll(cx));
        let guard = this.guard.take();
        Poll::Ready(match answer {
            Ok(response) => Ok(recorded(response, guard, *this.until)),
            Err(error) => {
                guard.into_iter().for_each(Guard::failed);
                Err(error)
            }
        })
    }
}

fn recorded<A: Body, S: EndSink>(
    response: Response<A>,
    guard: Option<Guard<S>>,
    until: Until,
) -> Response<RecordBody<A, S>> {
    let (head, body) = response.into_parts();
    let ends_here = until == Until::Headers || body.is_end_stream() || has_no_end_of_its_own(&head);
    let guard = guard.and_then(|mut guard| {
        guard.answered(head.status);
        if ends_here {
            guard.complete();
            return None;
        }
        Some(guard)
    });
    let body = RecordBody::new(body, guard, &head.headers);
    Response::from_parts(head, body)
}

/// Whether no server will read this body to its end: it may have none, or it lasts as long as the client stays.
fn has_no_end_of_its_own(head: &Parts) -> bool {
    let bodiless = head.status.is_informational()
        || matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let kind = head.headers.get(CONTENT_TYPE).map(http::HeaderValue::as_bytes).unwrap_or_default();
    bodiless || kind.starts_with(b"text/event-stream")
}
