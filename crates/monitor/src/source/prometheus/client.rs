use std::error::Error;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use reqwest::{Response, Url, redirect};
use serde::de::DeserializeOwned;

use super::options::{PrometheusOptions, Token};
use super::wire::{Data, Point, Reply, Sample};
use crate::source::SourceError;

/// No sensible answer is longer.
const LONGEST: usize = 16 << 20;
/// So much of what a server said is worth showing.
const SHOWN: usize = 200;

/// Asks one Prometheus.
#[derive(Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    url: Url,
    /// How it is called in errors: without what may be secret.
    what: String,
    token: Option<Token>,
}

impl Client {
    pub(super) fn new(options: &PrometheusOptions) -> Result<Self, SourceError> {
        let url = Url::parse(&options.url).map_err(|why| wrong("Prometheus", &why))?;
        let what = named(&url);
        let Ok(url) = endpoint(url) else { return Err(wrong(&what, &"its address is not one of HTTP")) };
        let http = http(options.timeout).map_err(|why| wrong(&what, &*why))?;
        Ok(Self { http, url, what, token: options.token.clone() })
    }

    /// Its clock.
    pub(super) async fn time(&self) -> Result<f64, SourceError> {
        let data = self.ask("time()", None).await?;
        let (_, seconds): Point = self.shaped(data, "scalar")?;
        seconds.parse().map_err(|_| self.makes_no_sense(&format!("the time is {seconds}")))
    }

    /// The series that a query gives at a moment; none where it gives none.
    pub(super) async fn vector(&self, query: &str, at: f64) -> Result<Vec<Sample>, SourceError> {
        let data = self.ask(query, Some(at)).await?;
        self.shaped(data, "vector")
    }

    async fn ask(&self, query: &str, at: Option<f64>) -> Result<Data, SourceError> {
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair("query", query);
        if let Some(at) = at {
            url.query_pairs_mut().append_pair("time", &at.to_string());
        }
        let mut request = self.http.get(url).header(ACCEPT, "application/json");
        if let Some(token) = self.token.as_ref().and_then(secret) {
            request = request.header(AUTHORIZATION, token);
        }
        let response = request.send().await.map_err(|why| self.unreachable(why))?;
        let status = response.status();
        let body = self.body(response).await?;
        match serde_json::from_slice::<Reply>(&body) {
            Ok(reply) if status.is_success() => self.whole(reply),
            Ok(reply) => Err(self.refused(&format!("{}: {}", reply.error_type, reply.error))),
            Err(_) if !status.is_success() => {
                Err(self.refused(&format!("{status}: {}", String::from_utf8_lossy(&body))))
            }
            Err(_) => Err(self.makes_no_sense(&format!(
                "it is not JSON of its kind: {}",
                start(&String::from_utf8_lossy(&body))
            ))),
        }
    }

    fn whole(&self, reply: Reply) -> Result<Data, SourceError> {
        if reply.status != "success" {
            return Err(self.refused(&format!("{}: {}", reply.error_type, reply.error)));
        }
        if !reply.warnings.is_empty() {
            return Err(SourceError::Partial { said: start(&reply.warnings.join("; ")) });
        }
        reply.data.ok_or_else(|| self.makes_no_sense("it has no data"))
    }

    fn shaped<T: DeserializeOwned>(&self, data: Data, wanted: &str) -> Result<T, SourceError> {
        if data.result_type != wanted {
            let found = start(&data.result_type);
            return Err(self.makes_no_sense(&format!("a {wanted} was asked for, a {found} came")));
        }
        serde_json::from_value(data.result)
            .map_err(|why| self.makes_no_sense(&format!("its {wanted}: {why}")))
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, SourceError> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|why| self.unreachable(why))? {
            if body.len() + piece.len() > LONGEST {
                return Err(self.makes_no_sense(&format!("it is longer than {LONGEST} bytes")));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    fn unreachable(&self, why: reqwest::Error) -> SourceError {
        // The address stands in the message already, and its query is long.
        SourceError::Unreachable { what: self.what.clone(), source: Box::new(why.without_url()) }
    }

    fn refused(&self, said: &str) -> SourceError {
        SourceError::Refused { what: self.what.clone(), said: start(said) }
    }

    fn makes_no_sense(&self, because: &str) -> SourceError {
        SourceError::NotUnderstood { what: self.what.clone(), because: because.to_owned() }
    }
}

fn wrong(what: &str, why: &dyn std::fmt::Display) -> SourceError {
    SourceError::Refused { what: what.to_owned(), said: why.to_string() }
}

/// Scheme, host and port; no user, password, path or query.
fn named(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("Prometheus at {}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}

fn endpoint(mut url: Url) -> Result<Url, ()> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(());
    }
    url.path_segments_mut()?.pop_if_empty().extend(["api", "v1", "query"]);
    Ok(url)
}

/// With a TLS of its own: what the process has installed, or has not, makes no difference.
fn http(timeout: Duration) -> Result<reqwest::Client, Box<dyn Error + Send + Sync>> {
    let tls = handover_tls::client_config()?;
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).timeout(timeout);
    Ok(client.redirect(redirect::Policy::none()).build()?)
}

fn secret(token: &Token) -> Option<HeaderValue> {
    let mut header = HeaderValue::try_from(format!("Bearer {}", token.reveal())).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// The beginning of a foreign text, on one line and harmless to a terminal.
fn start(text: &str) -> String {
    text.trim()
        .trim_end_matches(':')
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
