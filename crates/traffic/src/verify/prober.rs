use std::fmt;
use std::time::Duration;

use reqwest::header::{CONNECTION, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url, redirect};

use crate::BoxError;

/// Who answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The name in the header.
    Name(String),
    /// Nobody, or somebody who does not say who it is; why, in one line.
    Nobody(String),
}

/// Asks a public address who answers there, on a fresh connection each time.
///
/// Any status counts: a release that answers 500 has answered. A redirect is not followed.
#[derive(Clone)]
pub struct Prober {
    http: reqwest::Client,
    method: Method,
    url: Url,
    names: Vec<HeaderName>,
    headers: HeaderMap,
}

/// A prober that cannot be made; nothing was sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProberError {
    /// The address is none of HTTP.
    #[error("`{0}` is not an address such as \"https://shop.example.com/\"")]
    Address(String),
    /// A name that no header can have.
    #[error("{0:?} is not a header name")]
    Name(String),
    /// A value that no header can have; the value itself is not shown.
    #[error("the value of header {0:?} has characters that no header can have")]
    Value(String),
    /// TLS, or the client around it, could not be set up.
    #[error("could not set up a client")]
    Client(#[source] BoxError),
}

impl Prober {
    /// Asks `url`, each time for at most `limit`; the answer's name is in the first of these headers that it has.
    ///
    /// # Errors
    ///
    /// [`ProberError`].
    pub fn new(url: &str, names: &[&str], limit: Duration) -> Result<Self, ProberError> {
        let parsed = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = parsed.ok_or_else(|| ProberError::Address(url.to_owned()))?;
        let names = names.iter().map(|&name| header_name(name)).collect::<Result<_, _>>()?;
        let http = client(limit).map_err(ProberError::Client)?;
        Ok(Self { http, method: Method::GET, url, names, headers: HeaderMap::new() })
    }

    /// Sends this header along; its value is shown nowhere.
    ///
    /// # Errors
    ///
    /// [`ProberError::Name`], [`ProberError::Value`].
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, ProberError> {
        let mut value = HeaderValue::try_from(value).map_err(|_| ProberError::Value(name.to_owned()))?;
        value.set_sensitive(true);
        self.headers.insert(header_name(name)?, value);
        Ok(self)
    }

    /// The same prober for another path of the same address.
    ///
    /// # Errors
    ///
    /// [`ProberError::Address`].
    pub fn at_path(&self, path: &str) -> Result<Self, ProberError> {
        let url = self.url.join(path).ok().filter(|url| url.origin() == self.url.origin());
        let url = url.ok_or_else(|| ProberError::Address(path.to_owned()))?;
        Ok(Self { url, ..self.clone() })
    }

    /// The same prober, asking by `POST` without a body.
    #[must_use]
    pub fn posting(mut self) -> Self {
        self.method = Method::POST;
        // An empty body is said to be one: some servers want to know.
        self.headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        self
    }

    /// Asks once.
    pub async fn ask(&self) -> Heard {
        match self.fetch().await {
            Ok((_, Some(name))) => Heard::Name(name),
            Ok((status, None)) => {
                Heard::Nobody(format!("the answer (status {status}) has no {}", self.wanted()))
            }
            Err(why) => Heard::Nobody(why),
        }
    }

    /// Asks once, for the status and the name; the error is one line.
    ///
    /// # Errors
    ///
    /// Nobody answered.
    pub async fn fetch(&self) -> Result<(u16, Option<String>), String> {
        let request = self.http.request(self.method.clone(), self.url.clone()).headers(self.headers.clone());
        let answer = request.header(CONNECTION, "close").send().await.map_err(|e| said(&e.without_url()))?;
        let header = self.names.iter().find_map(|name| answer.headers().get(name));
        let name = header.map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned());
        Ok((answer.status().as_u16(), name))
    }

    fn wanted(&self) -> String {
        let names: Vec<_> = self.names.iter().map(HeaderName::as_str).collect();
        format!("header {}", names.join(" or "))
    }
}

impl fmt::Debug for Prober {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prober")
            .field("url", &self.url.as_str())
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

/// Keeps no connection: a new one may be sent elsewhere, and that is what is asked.
fn client(limit: Duration) -> Result<reqwest::Client, BoxError> {
    let client = reqwest::Client::builder().tls_backend_preconfigured(handover_tls::client_config()?);
    let client = client.pool_max_idle_per_host(0).timeout(limit).redirect(redirect::Policy::none());
    Ok(client.user_agent(concat!("handover/", env!("CARGO_PKG_VERSION"))).build()?)
}

fn header_name(name: &str) -> Result<HeaderName, ProberError> {
    HeaderName::try_from(name).map_err(|_| ProberError::Name(name.to_owned()))
}

/// An error with its causes, in one line: the outermost alone says little.
pub(crate) fn said(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(because) = cause {
        text = format!("{text}: {because}");
        cause = because.source();
    }
    text
}
