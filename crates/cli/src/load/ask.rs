//! One request and what became of it.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::LoadOptions;

/// The header with which the edge marks an answer of its own.
const EDGE_ERROR: &str = "handover-error";

/// The header with which the edge names the release that answered.
const RELEASE: &str = "handover-release";

/// The most of an answer that is kept; beyond it something is very wrong.
const LONGEST_ANSWER: usize = 16 << 20;

/// How a request ended, for its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Answered, and not with an error of the server's.
    Ok,
    /// A release answered with an error.
    Harmed,
    /// No answer, or an error that no release gave.
    Failed(String),
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    /// Which release answered, where it can be told.
    pub(super) release: Option<String>,
}

/// Asks, over connections that are kept open.
#[derive(Debug)]
pub(super) struct Asker {
    client: Client<HttpConnector, Empty<Bytes>>,
    target: Uri,
    timeout: Duration,
}

impl Asker {
    /// An asker with no connection yet.
    pub(super) fn new(options: &LoadOptions) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        // A request that could not be written to a connection that was just closed is sent on another, as every
        // client does: the server has not seen it.
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .build(connector);
        Self { client, target: options.target.clone(), timeout: options.timeout }
    }

    /// Sends one request and reads the whole answer.
    pub(super) async fn ask(&self) -> Answer {
        match tokio::time::timeout(self.timeout, self.try_ask()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => failed(root_cause(&*error)),
            Err(_) => failed("no answer in time".to_owned()),
        }
    }

    async fn try_ask(&self) -> Result<Answer, Box<dyn Error + Send + Sync>> {
        let mut request = Request::new(Empty::new());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = self.target.clone();
        let (head, body): (_, Incoming) = self.client.request(request).await?.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER).collect().await?.to_bytes();
        Ok(classify(head.status, &head.headers, &body))
    }
}

/// Who gave the answer, and whether it was an error.
fn classify(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Answer {
    if let Some(why) = headers.get(EDGE_ERROR) {
        let why = String::from_utf8_lossy(why.as_bytes());
        return failed(format!("{} by the edge: {why}", status.as_u16()));
    }
    let named = headers.get(RELEASE).and_then(|name| name.to_str().ok()).map(str::to_owned);
    let outcome = if status.is_server_error() { Outcome::Harmed } else { Outcome::Ok };
    Answer { outcome, release: named.or_else(|| signature(body)) }
}

/// The release in an answer of the sample service: `hello from v1`.
fn signature(body: &[u8]) -> Option<String> {
    let line = std::str::from_utf8(body).ok()?.lines().next()?;
    line.rsplit_once(" from ").map(|(_, release)| release.to_owned())
}

fn failed(why: String) -> Answer {
    Answer { outcome: Outcome::Failed(why), release: None }
}

/// The innermost error: "connection refused", not "client error".
fn root_cause(error: &(dyn Error + 'static)) -> String {
    std::iter::successors(Some(error), |&error| error.source())
        .last()
        .map_or_else(String::new, ToString::to_string)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(name), HeaderValue::from_static(value))])
    }

    #[test]
    fn an_error_is_put_down_to_whoever_gave_it() {
        let by_release = classify(StatusCode::BAD_GATEWAY, &headers(RELEASE, "v3"), b"");
        assert_eq!(by_release, Answer { outcome: Outcome::Harmed, release: Some("v3".into()) });
        let by_edge = classify(StatusCode::BAD_GATEWAY, &headers(EDGE_ERROR, "connect"), b"");
        assert_eq!(by_edge, failed("502 by the edge: connect".into()));
        let not_found = classify(StatusCode::NOT_FOUND, &HeaderMap::new(), b"nothing here from v1\n");
        assert_eq!(not_found, Answer { outcome: Outcome::Ok, release: Some("v1".into()) });
    }
}
