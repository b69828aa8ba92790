//! What the proxy answers in its own name.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};

use super::answer::Answer;
use super::headers::ERROR;

/// Why no release answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Failure {
    NoTarget,
    NoInstance,
    TooManyWaiting,
    Connect,
    ConnectTimeout,
    Broken,
    ResponseTimeout,
    BodyTooLarge,
    BodyTimeout,
    BodyBroken,
    BadRequest,
    NoTunnels,
    UnknownCoding,
}

impl Failure {
    /// Each of them once, in the order of their numbers.
    pub(super) const ALL: [Self; 13] = [
        Self::NoTarget,
        Self::NoInstance,
        Self::TooManyWaiting,
        Self::Connect,
        Self::ConnectTimeout,
        Self::Broken,
        Self::ResponseTimeout,
        Self::BodyTooLarge,
        Self::BodyTimeout,
        Self::BodyBroken,
        Self::BadRequest,
        Self::NoTunnels,
        Self::UnknownCoding,
    ];

    /// Its status, its word in `handover-error`, and its body.
    const fn parts(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::NoTarget => (S::SERVICE_UNAVAILABLE, "no-target", "no release is serving yet\n"),
            Self::NoInstance => (S::SERVICE_UNAVAILABLE, "no-instance", "no instance is ready\n"),
            Self::TooManyWaiting => (S::SERVICE_UNAVAILABLE, "too-many-waiting", "too many requests wait\n"),
            Self::Connect => (S::BAD_GATEWAY, "connect", "the release could not be reached\n"),
            Self::ConnectTimeout => {
                (S::GATEWAY_TIMEOUT, "connect-timeout", "the release did not accept a connection in time\n")
            }
            Self::Broken => (S::BAD_GATEWAY, "broken", "the release broke off the connection\n"),
            Self::ResponseTimeout => {
                (S::GATEWAY_TIMEOUT, "response-timeout", "the release did not answer in time\n")
            }
            Self::BodyTooLarge => {
                (S::PAYLOAD_TOO_LARGE, "body-too-large", "the body is longer than allowed\n")
            }
            Self::BodyTimeout => (S::REQUEST_TIMEOUT, "body-timeout", "the body did not come in time\n"),
            Self::BodyBroken => (S::BAD_REQUEST, "body-broken", "the body broke off\n"),
            Self::BadRequest => (S::BAD_REQUEST, "bad-request", "the request makes no sense\n"),
            Self::NoTunnels => (S::METHOD_NOT_ALLOWED, "no-tunnels", "CONNECT is not offered here\n"),
            Self::UnknownCoding => {
                (S::NOT_IMPLEMENTED, "unknown-coding", "only chunked is known as a transfer coding\n")
            }
        }
    }

    /// Its word in `handover-error` and in the metrics.
    pub(super) const fn code(self) -> &'static str {
        self.parts().1
    }

    pub(super) const fn status(self) -> StatusCode {
        self.parts().0
    }

    /// Whether the client caused it: then it says nothing about a release.
    pub(super) fn is_clients(self) -> bool {
        !self.parts().0.is_server_error() || matches!(self, Self::UnknownCoding)
    }

    /// The answer, in plain text, told apart from a release's own by its header.
    pub(super) fn answer(self) -> Response<Answer> {
        let (status, code, text) = self.parts();
        let mut response = Response::new(Answer::whole(Bytes::from_static(text.as_bytes())));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(ERROR, HeaderValue::from_static(code));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        if self.is_clients() {
            // Whatever else it sent is not to be trusted, or not worth reading.
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_a_number_and_a_word_of_its_own() {
        for (number, failure) in Failure::ALL.into_iter().enumerate() {
            assert_eq!(failure as usize, number);
            assert_eq!(Failure::ALL.iter().filter(|other| other.code() == failure.code()).count(), 1);
        }
    }

    #[test]
    fn what_the_edge_answers_is_stable() {
        let all: Vec<_> =
            Failure::ALL.iter().map(|f| format!("{} {}", f.status().as_u16(), f.code())).collect();
        insta::assert_snapshot!(all.join("\n"), @"
        503 no-target
        503 no-instance
        503 too-many-waiting
        502 connect
        504 connect-timeout
        502 broken
        504 response-timeout
        413 body-too-large
        408 body-timeout
        400 body-broken
        400 bad-request
        405 no-tunnels
        501 unknown-coding
        ");
    }
}
