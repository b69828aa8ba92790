use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, UPGRADE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;

use super::SampleOptions;
use super::drip::Drip;

/// The body of every answer.
type AnswerBody = BoxBody<Bytes, Infallible>;

/// Decides what is answered.
#[derive(Debug)]
pub(crate) struct Answers {
    options: SampleOptions,
    asked: AtomicU64,
}

impl Answers {
    /// Answers that misbehave as the options say.
    pub(crate) fn new(options: SampleOptions) -> Self {
        Self { options, asked: AtomicU64::new(0) }
    }

    /// One answer; `alive` is held by what outlives it.
    pub(super) async fn answer(
        &self,
        request: Request<Incoming>,
        alive: mpsc::Sender<()>,
    ) -> Response<AnswerBody> {
        if let Some(protocol) = request.headers().get(UPGRADE).cloned() {
            return upgrade(request, protocol, alive);
        }
        match request.uri().path() {
            path if self.options.fails_at(path) => {
                self.text(StatusCode::SERVICE_UNAVAILABLE, "not from outside")
            }
            "/health/ready" if self.options.never_ready => {
                self.text(StatusCode::SERVICE_UNAVAILABLE, "not ready")
            }
            "/health/ready" => self.text(StatusCode::OK, "ready"),
            "/view/1" | "/view/2" | "/view/3" => self.text(StatusCode::OK, "seen"),
            "/smoke-test" if self.options.fail_smoke => {
                self.text(StatusCode::INTERNAL_SERVER_ERROR, "no smoke")
            }
            "/smoke-test" => self.text(StatusCode::OK, "fine"),
            "/slow" => self.slow(&request).await,
            "/stream" => stream(&request),
            "/upload" => self.upload(request).await,
            "/" => self.home().await,
            _ => self.text(StatusCode::NOT_FOUND, "nothing here"),
        }
    }

    async fn home(&self) -> Response<AnswerBody> {
        if !self.options.latency.is_zero() {
            tokio::time::sleep(self.options.latency).await;
        }
        if fails(self.asked.fetch_add(1, Ordering::Relaxed), self.options.fail_share) {
            self.text(StatusCode::INTERNAL_SERVER_ERROR, "sorry")
        } else {
            self.text(StatusCode::OK, "hello")
        }
    }

    async fn slow(&self, request: &Request<Incoming>) -> Response<AnswerBody> {
        tokio::time::sleep(Duration::from_millis(asked_for(request, "ms").unwrap_or(1_000))).await;
        self.text(StatusCode::OK, "at last")
    }

    async fn upload(&self, request: Request<Incoming>) -> Response<AnswerBody> {
        let mut body = request.into_body();
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => bytes += frame.data_ref().map_or(0, Bytes::len),
                Err(_) => return self.text(StatusCode::BAD_REQUEST, "half an upload"),
            }
        }
        self.text(StatusCode::OK, &format!("{bytes} bytes"))
    }

    /// Says something, and which release says it.
    fn text(&self, status: StatusCode, said: &str) -> Response<AnswerBody> {
        let text = format!("{said} from {}\n", self.options.release);
        let mut response = Response::new(Full::from(text).boxed());
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        response
    }
}

/// Whether the request with this number is one of the failing share: spread evenly, never by chance.
#[expect(clippy::cast_precision_loss, reason = "nobody asks a sample 2^53 times")]
fn fails(number: u64, share: f64) -> bool {
    let failed_before = |count: u64| (count as f64 * share).floor();
    failed_before(number + 1) > failed_before(number)
}

fn stream(request: &Request<Incoming>) -> Response<AnswerBody> {
    let lines = asked_for(request, "n").unwrap_or(10);
    let every = Duration::from_millis(asked_for(request, "ms").unwrap_or(100));
    Response::new(Drip::new(lines, every).boxed())
}

/// Takes over the connection and sends back what comes, until the other side is done.
fn upgrade(
    request: Request<Incoming>,
    protocol: HeaderValue,
    alive: mpsc::Sender<()>,
) -> Response<AnswerBody> {
    tokio::spawn(async move {
        if let Ok(upgraded) = hyper::upgrade::on(request).await {
            let (mut read, mut write) = tokio::io::split(TokioIo::new(upgraded));
            let _ = tokio::io::copy(&mut read, &mut write).await;
        }
        drop(alive);
    });
    let mut response = Response::new(Full::default().boxed());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("upgrade"));
    response.headers_mut().insert(UPGRADE, protocol);
    response
}

/// The number that the query gives `name`.
fn asked_for(request: &Request<Incoming>, name: &str) -> Option<u64> {
    let pairs = request.uri().query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name)?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failing_share_is_exact_and_evenly_spread() {
        let failed: Vec<u64> = (0..20).filter(|number| fails(*number, 0.2)).collect();
        assert_eq!(failed, [4, 9, 14, 19]);
        assert_eq!((0..1_000).filter(|number| fails(*number, 0.0)).count(), 0);
        assert_eq!((0..1_000).filter(|number| fails(*number, 1.0)).count(), 1_000);
    }
}
