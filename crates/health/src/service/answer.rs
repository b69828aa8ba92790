use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, RETRY_AFTER, VARY, WWW_AUTHENTICATE,
};
use http::{HeaderValue, Method, Response, StatusCode};
use http_body_util::Full;

use crate::State;
use crate::page::Page;

pub(super) type Answer = Response<Full<Bytes>>;

const STATE: HeaderName = HeaderName::from_static("x-health-state");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const ACCEPT: HeaderValue = HeaderValue::from_static("accept");

/// A page; without its body where only its head is asked for.
pub(super) fn page(page: &Page, state: State, method: &Method) -> Answer {
    let mut answer = whole(page.status, page.content_type, page.body.clone(), method);
    let headers = answer.headers_mut();
    headers.insert(VARY, ACCEPT);
    headers.insert(STATE, HeaderValue::from_static(state.as_str()));
    if let Some(seconds) = page.retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    answer
}

/// An answer of ours that is no page.
pub(super) fn whole(status: u16, content_type: &'static str, body: Bytes, method: &Method) -> Answer {
    let length = body.len();
    let body = if method == Method::HEAD { Bytes::new() } else { body };
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, length.into());
    headers.insert(CACHE_CONTROL, NO_STORE);
    answer
}

/// `{"error":"…"}`.
pub(super) fn refused(status: StatusCode, why: &'static str) -> Answer {
    let body = format!("{{\"error\":\"{why}\"}}");
    whole(status.as_u16(), "application/json", body.into(), &Method::GET)
}

pub(super) fn not_allowed(methods: &'static str) -> Answer {
    let mut answer = refused(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    answer
}

pub(super) fn unauthorised() -> Answer {
    let mut answer = refused(StatusCode::UNAUTHORIZED, "unauthorized");
    answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    answer
}
