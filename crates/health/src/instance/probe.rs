use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http::uri::PathAndQuery;
use http::{Method, Request, Uri};
use http_body_util::Empty;
use tokio::time::{Instant, timeout};

use super::exchange::exchange;
use crate::{Answer, HealthProbe, Healthy, InvalidProbe, ProbeClass, ProbeError};

/// The most of a body that is read.
const BODY_CAP: usize = 1_024 * 1_024;

/// Asks one address by `GET` over HTTP/1.1, on a fresh connection each time.
///
/// Any status from 200 to 399 is well unless told otherwise; a redirect is not followed. Bodies up to 1 MiB are read
/// to their end, since an answer that breaks off is none.
///
/// ```
/// # use std::time::Duration;
/// # use handover_health::{HealthProbe as _, InstanceProbe};
/// # async fn ask() -> Result<(), Box<dyn std::error::Error>> {
/// let probe = InstanceProbe::new("127.0.0.1:8080".parse()?, "/health/ready")?;
/// let well = probe.check(Duration::from_secs(1)).await?;
/// # let _ = well; Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct InstanceProbe {
    addr: SocketAddr,
    path: PathAndQuery,
    method: Method,
    /// Marked sensitive, so that a pin is not printed.
    headers: HeaderMap,
    statuses: RangeInclusive<u16>,
    answered_by: Option<(HeaderName, HeaderValue)>,
    body_cap: usize,
}

impl InstanceProbe {
    /// Asks `addr` for `path`, which may have a query.
    ///
    /// # Errors
    ///
    /// The path is none.
    pub fn new(addr: SocketAddr, path: &str) -> Result<Self, InvalidProbe> {
        let parsed = path.parse().ok().filter(|_| path.starts_with('/'));
        let path = parsed.ok_or_else(|| InvalidProbe::Path(path.to_owned()))?;
        let probe = Self {
            addr,
            path,
            method: Method::GET,
            headers: HeaderMap::new(),
            statuses: 200..=399,
            answered_by: None,
            body_cap: BODY_CAP,
        };
        probe.with_header(HOST.as_str(), &addr.to_string())
    }

    /// Sends this header as well, in place of an earlier one of its name. `host` is the address unless set.
    ///
    /// # Errors
    ///
    /// No header can have this name or value.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, InvalidProbe> {
        let (name, mut value) = header(name, value)?;
        value.set_sensitive(name != HOST);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Asks by `POST` with an empty body instead of `GET`: what is asked does something, and says how that went.
    #[must_use]
    pub fn posting(mut self) -> Self {
        self.method = Method::POST;
        // An empty body is said to be one: some servers want to know.
        self.headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        self
    }

    /// Well is only what answers with this header: with the name of the release, say, so that another process on the
    /// port is not taken for it.
    ///
    /// # Errors
    ///
    /// No header can have this name or value.
    pub fn answered_by(mut self, name: &str, value: &str) -> Result<Self, InvalidProbe> {
        self.answered_by = Some(header(name, value)?);
        Ok(self)
    }

    /// Well is only what answers with a status in this range.
    #[must_use]
    pub fn with_statuses(mut self, statuses: RangeInclusive<u16>) -> Self {
        self.statuses = statuses;
        self
    }

    /// A larger body is [`ProbeClass::TooLarge`].
    #[must_use]
    pub fn with_body_cap(mut self, bytes: usize) -> Self {
        self.body_cap = bytes;
        self
    }

    /// Asks, and gives the answer whatever its status.
    ///
    /// # Errors
    ///
    /// There was no whole answer within `deadline`.
    ///
    /// # Cancellation
    ///
    /// Dropping the future closes the connection.
    pub async fn fetch(&self, deadline: Duration) -> Result<Answer, ProbeError> {
        let began = Instant::now();
        let response = timeout(deadline, exchange(self.addr, self.request(), self.body_cap)).await;
        let late =
            |_| ProbeError::new(ProbeClass::Timeout, format!("{}: no answer within {deadline:?}", self.addr));
        Ok(Answer::new(response.map_err(late)??, began.elapsed()))
    }

    /// Whether an answer is the expected one. Who answered comes first: another process's 404 is not this release's.
    ///
    /// # Errors
    ///
    /// It is not: [`ProbeClass::Mismatch`] or [`ProbeClass::Status`].
    pub fn judge(&self, answer: &Answer) -> Result<Healthy, ProbeError> {
        if let Some((name, wanted)) = &self.answered_by {
            let found = answer.headers().get(name);
            if found != Some(wanted) {
                let detail = format!("{}: wanted {name} {wanted:?}, got {found:?}", self.addr);
                return Err(ProbeError::new(ProbeClass::Mismatch, detail));
            }
        }
        let status = answer.status();
        if !self.statuses.contains(&status) {
            let detail = format!("{}{} answered {status}: {}", self.addr, self.path, answer.excerpt());
            return Err(ProbeError::new(ProbeClass::Status(status), detail));
        }
        Ok(Healthy::after(answer.elapsed()))
    }

    fn request(&self) -> Request<Empty<Bytes>> {
        let mut request = Request::new(Empty::new());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = Uri::from(self.path.clone());
        *request.headers_mut() = self.headers.clone();
        let headers = request.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static("handover-health"));
        request
    }
}

#[async_trait]
impl HealthProbe for InstanceProbe {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        self.judge(&self.fetch(deadline).await?)
    }
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), InvalidProbe> {
    let parsed = HeaderName::try_from(name).map_err(|_| InvalidProbe::HeaderName(name.to_owned()))?;
    let value = HeaderValue::try_from(value).map_err(|_| InvalidProbe::HeaderValue(name.to_owned()))?;
    Ok((parsed, value))
}
