use std::error::Error;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use ::http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use ::http::{Response, StatusCode};
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use reqwest::{Client, Url, redirect};
use tokio::time::{Instant, timeout};

use super::budget::Budget;
use super::resolver::Resolver;
use crate::{Answer, HealthProbe, Healthy, InvalidProbe, ProbeClass, ProbeError, cause};

/// The most of a body that is read, unless told otherwise.
const BODY_CAP: usize = 1_024 * 1_024;
/// What an address looks like, for who gave another.
const EXAMPLE: &str = "https://api.example/health";

/// Asks an address by `GET` over HTTP/1.1 or HTTPS, on a fresh connection each time.
///
/// Fresh, since a kept connection proves neither that the name still leads there nor that a new one would be taken.
/// Any status from 200 to 399 is well unless told otherwise, and so is a 429: what throttles is not down. A redirect
/// is not followed. Bodies up to 1 MiB are read to their end. A proxy that the environment names is used.
///
/// An API that costs or throttles gets a budget, and a standing that takes no replica out of service:
///
/// ```
/// # use std::time::Duration;
/// # use handover_health::{HealthProbe as _, HttpProbe, InvalidProbe};
/// # async fn ask(key: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let models = HttpProbe::new("https://api.openai.com/v1/models")?
///     .with_bearer(key)?
///     .with_budget(1, Duration::from_mins(1));
/// let well = models.check(Duration::from_secs(2)).await?;
/// # let _ = well; Ok(()) }
/// ```
#[derive(Clone)]
pub struct HttpProbe {
    client: Client,
    url: Url,
    /// Marked sensitive, so that a token is not printed.
    headers: HeaderMap,
    statuses: RangeInclusive<u16>,
    /// Whether a 429 is well whatever `statuses` say.
    throttled: bool,
    body_cap: usize,
    budget: Option<Arc<Budget>>,
}

impl HttpProbe {
    /// Asks for `url`; a name and a password in it are sent as basic authentication.
    ///
    /// # Errors
    ///
    /// It is not a URL of HTTP or HTTPS, or TLS cannot be set up.
    pub fn new(url: &str) -> Result<Self, InvalidProbe> {
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        Ok(Self {
            client: client()?,
            url: url.ok_or(InvalidProbe::Address(EXAMPLE))?,
            headers: HeaderMap::new(),
            statuses: 200..=399,
            throttled: true,
            body_cap: BODY_CAP,
            budget: None,
        })
    }

    /// Sends this token as `Authorization: Bearer`.
    ///
    /// # Errors
    ///
    /// It has characters that no header can have.
    pub fn with_bearer(self, token: &str) -> Result<Self, InvalidProbe> {
        self.with_header(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// Sends this header as well, in place of an earlier one of its name.
    ///
    /// # Errors
    ///
    /// No header can have this name or value.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, InvalidProbe> {
        let parsed = HeaderName::try_from(name).map_err(|_| InvalidProbe::HeaderName(name.to_owned()))?;
        let value = HeaderValue::try_from(value);
        let mut value = value.map_err(|_| InvalidProbe::HeaderValue(name.to_owned()))?;
        value.set_sensitive(true);
        self.headers.insert(parsed, value);
        Ok(self)
    }

    /// Well is only what answers with a status in this range; a 429 outside it no longer is.
    #[must_use]
    pub fn with_statuses(mut self, statuses: RangeInclusive<u16>) -> Self {
        (self.statuses, self.throttled) = (statuses, false);
        self
    }

    /// A larger body is [`ProbeClass::TooLarge`].
    #[must_use]
    pub fn with_body_cap(mut self, bytes: usize) -> Self {
        self.body_cap = bytes;
        self
    }

    /// Makes at most so many calls, but one at least, in any stretch of `per`; in between a check gives the last answer
    /// again, good or bad. Clones share the budget.
    #[must_use]
    pub fn with_budget(mut self, calls: u32, per: Duration) -> Self {
        self.budget = Some(Arc::new(Budget::new(calls, per)));
        self
    }

    /// Asks, and gives the answer whatever its status; over budget the last one again.
    ///
    /// # Errors
    ///
    /// There was no whole answer within `deadline`.
    ///
    /// # Cancellation
    ///
    /// Dropping the future closes the connection.
    pub async fn fetch(&self, deadline: Duration) -> Result<Answer, ProbeError> {
        let answer = timeout(deadline, self.ask_within_budget()).await;
        answer.unwrap_or_else(|_| {
            let detail = format!("{}: no answer within {deadline:?}", self.place());
            Err(ProbeError::new(ProbeClass::Timeout, detail))
        })
    }

    /// Whether an answer is the expected one.
    ///
    /// # Errors
    ///
    /// It is not: a 401 is [`ProbeClass::Auth`], every other [`ProbeClass::Status`].
    pub fn judge(&self, answer: &Answer) -> Result<Healthy, ProbeError> {
        let status = answer.status();
        let throttled = self.throttled && status == StatusCode::TOO_MANY_REQUESTS;
        if throttled || self.statuses.contains(&status) {
            return Ok(Healthy::after(answer.elapsed()));
        }
        let detail = format!("{} answered {status}: {}", self.place(), answer.excerpt());
        let unauthorized = status == StatusCode::UNAUTHORIZED;
        let class = if unauthorized { ProbeClass::Auth } else { ProbeClass::Status(status) };
        Err(ProbeError::new(class, detail))
    }

    async fn ask_within_budget(&self) -> Result<Answer, ProbeError> {
        match &self.budget {
            Some(budget) => budget.ask(self.ask()).await,
            None => self.ask().await,
        }
    }

    async fn ask(&self) -> Result<Answer, ProbeError> {
        let began = Instant::now();
        let request = self.client.get(self.url.clone()).headers(self.headers.clone());
        let response = request.send().await.map_err(|error| self.failed(error))?;
        let mut head = Response::new(());
        *head.status_mut() = response.status();
        *head.headers_mut() = response.headers().clone();
        let body = self.body(response).await?;
        Ok(Answer::new(head.map(|()| body), began.elapsed()))
    }

    async fn body(&self, mut response: reqwest::Response) -> Result<Bytes, ProbeError> {
        let mut body = BytesMut::new();
        while let Some(piece) = response.chunk().await.map_err(|error| self.failed(error))? {
            if body.len() + piece.len() > self.body_cap {
                let detail = format!("{}: more than {} bytes", self.place(), self.body_cap);
                return Err(ProbeError::new(ProbeClass::TooLarge, detail));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body.freeze())
    }

    fn failed(&self, error: reqwest::Error) -> ProbeError {
        let failed = cause::failed(&error.without_url(), known);
        ProbeError::new(failed.class(), format!("{}: {}", self.place(), failed.detail()))
    }

    /// The URL without what may be secret in it.
    fn place(&self) -> String {
        format!("{}{}", self.url.origin().ascii_serialization(), self.url.path())
    }
}

#[async_trait]
impl HealthProbe for HttpProbe {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        self.judge(&self.fetch(deadline).await?)
    }
}

fn client() -> Result<Client, InvalidProbe> {
    let tls = handover_tls::client_config().map_err(|error| InvalidProbe::Tls(error.to_string()))?;
    let client = Client::builder().tls_backend_preconfigured(tls).redirect(redirect::Policy::none());
    let client = client.pool_max_idle_per_host(0).dns_resolver(Resolver::default());
    let client = client.user_agent("handover-health").build();
    client.map_err(|error| InvalidProbe::Tls(cause::chain(&error)))
}

fn known(error: &(dyn Error + 'static)) -> Option<ProbeClass> {
    if let Some(error) = error.downcast_ref::<ProbeError>() {
        return Some(error.class());
    }
    cause::of_stream(error).or_else(|| error.downcast_ref().and_then(cause::of_hyper))
}

impl fmt::Debug for HttpProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("HttpProbe");
        let headers: Vec<_> = self.headers.keys().map(HeaderName::as_str).collect();
        shown.field("headers", &headers).field("statuses", &self.statuses).field("body_cap", &self.body_cap);
        shown.field("budget", &self.budget).finish_non_exhaustive()
    }
}
