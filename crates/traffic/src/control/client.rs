use std::error::Error;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode, Url, redirect};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::{BoxError, SwitchError};

/// No answer of a control plane that we ask is longer.
const LONGEST: usize = 8 << 20;
/// So much of what a server said is worth showing.
const SHOWN: usize = 200;
/// Where a 429 does not say how long: what both platforms' own clients wait.
const THROTTLED: Duration = Duration::from_secs(30);
/// A server that asks for more than this is believed no further: the quota windows are an hour.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// Whether a request may change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It changes nothing, whatever becomes of it.
    Read,
    /// Without an answer nobody knows whether it was done.
    Write,
}

/// One control plane.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    http: reqwest::Client,
    base: Url,
    backend: &'static str,
    limit: Duration,
}

/// A whole answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    backend: &'static str,
    kind: Kind,
}

impl Control {
    /// The control plane at `base`, each request bounded by `limit`.
    pub(crate) fn new(backend: &'static str, base: &str, limit: Duration) -> Result<Self, BoxError> {
        let base = Url::parse(base)?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(format!("{}: the address is not one of HTTP", base.scheme()).into());
        }
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(handover_tls::client_config()?)
            .timeout(limit);
        let client = client.user_agent(concat!("handover/", env!("CARGO_PKG_VERSION")));
        let http = client.redirect(redirect::Policy::none()).build()?;
        Ok(Self { http, base, backend, limit })
    }

    /// The address with this path, which begins without a slash, after that of the control plane itself.
    pub(crate) fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let whole = format!("{}/{path}", url.path().trim_end_matches('/'));
        url.set_path(&whole);
        url
    }

    /// For building a request.
    pub(crate) const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Sends, and reads the whole answer. A 429 is [`SwitchError::Throttled`]; every other status is an answer.
    pub(crate) async fn send(&self, kind: Kind, request: RequestBuilder) -> Result<Answer, SwitchError> {
        let begun = Instant::now();
        let response = request.send().await.map_err(|e| self.unanswered(kind, begun, e))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.body(response).await.map_err(|source| self.no_answer(kind, begun, source))?;
        if status == StatusCode::TOO_MANY_REQUESTS {
            let after = retry_after(&headers, SystemTime::now()).unwrap_or(THROTTLED);
            return Err(SwitchError::Throttled { backend: self.backend, after });
        }
        Ok(Answer { status, headers, body, backend: self.backend, kind })
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, BoxError> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|e| said(&e.without_url()))? {
            if body.len() + piece.len() > LONGEST {
                return Err(format!("the answer is longer than {LONGEST} bytes").into());
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    fn unanswered(&self, kind: Kind, begun: Instant, error: reqwest::Error) -> SwitchError {
        let unsent = error.is_connect() || error.is_builder();
        let source = said(&error.without_url()).into();
        if unsent {
            return SwitchError::Unreachable { backend: self.backend, source };
        }
        self.no_answer(kind, begun, source)
    }

    fn no_answer(&self, kind: Kind, begun: Instant, source: BoxError) -> SwitchError {
        let backend = self.backend;
        match kind {
            Kind::Read => SwitchError::Unreachable { backend, source },
            Kind::Write => {
                let after = begun.elapsed().min(self.limit);
                SwitchError::Unconfirmed { backend, after, source: Some(source) }
            }
        }
    }
}

impl Answer {
    /// The answer as `T`; only for a status that promises one.
    ///
    /// A write that was answered well but not readably may have happened, so that is [`SwitchError::Unconfirmed`].
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, SwitchError> {
        serde_json::from_slice(&self.body).map_err(|e| self.nonsense(format!("{}: {e}", self.shape())))
    }

    /// What came is not what was asked for.
    pub(crate) fn nonsense(&self, because: String) -> SwitchError {
        let (backend, source) = (self.backend, because.into());
        match self.kind {
            Kind::Read => SwitchError::Refused { backend, source },
            Kind::Write => SwitchError::Unconfirmed { backend, after: Duration::ZERO, source: Some(source) },
        }
    }

    /// A no that changed nothing; an error of the server's own leaves a write unknown. So does being sent elsewhere, which
    /// is never followed: whoever answers a write with `303 See Other` has made it.
    pub(crate) fn refusal(&self, because: String) -> SwitchError {
        if self.status.is_server_error() || self.status.is_redirection() {
            let (backend, source) = (self.backend, because.into());
            return match self.kind {
                Kind::Read => SwitchError::Unreachable { backend, source },
                Kind::Write => {
                    SwitchError::Unconfirmed { backend, after: Duration::ZERO, source: Some(source) }
                }
            };
        }
        SwitchError::Refused { backend: self.backend, source: because.into() }
    }

    /// The beginning of the body, harmless to a terminal.
    pub(crate) fn start(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        text.trim().chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect()
    }

    /// What kind of thing came where JSON was wanted.
    fn shape(&self) -> String {
        let kind = self.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        match (self.body.is_empty(), kind.starts_with("text/html")) {
            (true, _) => format!("an empty answer (status {})", self.status.as_u16()),
            (_, true) => format!("a page of HTML instead of JSON (status {})", self.status.as_u16()),
            _ => "an answer that is not as published".to_owned(),
        }
    }
}

/// An error with its causes, in one line: the outermost alone says little.
fn said(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(because) = cause {
        text = format!("{text}: {because}");
        cause = because.source();
    }
    text
}

/// Seconds, or a date by the server's own clock where it gives that too: ours may be wrong.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(LONGEST_WAIT));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let date = headers.get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
    let now = date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    Some(until.duration_since(now).unwrap_or_default().min(LONGEST_WAIT))
}
