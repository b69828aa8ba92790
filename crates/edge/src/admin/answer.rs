use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use http_body_util::Full;
use serde::Serialize;

use crate::api::ApiErrorKind;
use crate::denied::Denied;

/// What a client gets.
pub(crate) type Answer = Response<Full<Bytes>>;

/// A value, as JSON.
pub(crate) fn json(value: &impl Serialize) -> Answer {
    with_status(StatusCode::OK, value)
}

/// Text for Prometheus.
pub(crate) fn text(text: String) -> Answer {
    build(StatusCode::OK, HeaderValue::from_static("text/plain; version=0.0.4"), text.into())
}

/// A refusal, under the status that fits its kind.
pub(super) fn denied(denied: Denied) -> Answer {
    let error = denied.into_inner();
    let status = match error.kind {
        ApiErrorKind::Conflict { .. } => StatusCode::CONFLICT,
        ApiErrorKind::Fenced { .. } => StatusCode::PRECONDITION_FAILED,
        ApiErrorKind::Held { .. } => StatusCode::LOCKED,
        ApiErrorKind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        ApiErrorKind::NotFound => StatusCode::NOT_FOUND,
        ApiErrorKind::Failed => StatusCode::INTERNAL_SERVER_ERROR,
    };
    with_status(status, &error)
}

/// A refusal of the request itself, before anybody looked at what it asks.
pub(super) fn bad_request(status: StatusCode, denied: Denied) -> Answer {
    with_status(status, &denied.into_inner())
}

/// Whoever asks has not shown that it may.
pub(super) fn unauthorized() -> Answer {
    let denied = Denied::refused("the token is missing, or not the one of this API");
    let mut answer = bad_request(StatusCode::UNAUTHORIZED, denied);
    answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    answer
}

fn with_status(status: StatusCode, value: &impl Serialize) -> Answer {
    // The API's types are plain data: turning one into JSON cannot fail.
    let body = serde_json::to_vec(value).unwrap_or_default();
    build(status, HeaderValue::from_static("application/json"), body.into())
}

fn build(status: StatusCode, kind: HeaderValue, body: Bytes) -> Answer {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
