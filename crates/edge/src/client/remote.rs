//! One request and its answer over HTTP or HTTPS: to an edge that runs elsewhere.

use std::fmt;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use handover_traffic::BoxError;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use reqwest::{Response, Url, redirect};

use super::call::{Asked, Broken};
use crate::token::AdminToken;

/// For a connection with its TLS; below every limit of a whole call, so that a machine that is gone is known as such.
const CONNECT: Duration = Duration::from_secs(5);

/// A ring of windows is a few hundred kilobytes at most.
const LONGEST: usize = 16 << 20;

/// Where an edge is administered, and the token for it.
#[derive(Clone)]
pub(crate) struct Remote {
    http: reqwest::Client,
    base: Url,
    token: AdminToken,
}

/// An address that no edge can be asked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// It is not one of HTTP or HTTPS.
    #[error("{address:?} is not an address such as https://edge.example.com/")]
    Address {
        /// What was given, without what may be secret in it.
        address: String,
    },
    /// The system offers no TLS.
    #[error("could not set up TLS")]
    Tls(#[source] BoxError),
}

impl Remote {
    pub(super) fn new(base: &str, token: AdminToken) -> Result<Self, RemoteError> {
        let base = checked(base)?;
        let tls = handover_tls::client_config().map_err(|error| RemoteError::Tls(error.into()))?;
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).connect_timeout(CONNECT);
        // A fresh connection per call, and no detour: the token is for this address alone.
        let client = client.pool_max_idle_per_host(0).redirect(redirect::Policy::none());
        let client = client.user_agent(concat!("handover/", env!("CARGO_PKG_VERSION")));
        let http = client.build().map_err(|error| RemoteError::Tls(error.into()))?;
        Ok(Self { http, base, token })
    }

    /// Where it is, for people.
    pub(super) fn address(&self) -> &str {
        self.base.as_str()
    }

    pub(super) async fn exchange(&self, asked: Asked<'_>) -> Result<(StatusCode, Bytes), Broken> {
        let request = self.http.request(asked.method, self.url(asked.path)).timeout(asked.limit);
        let request = request.bearer_auth(self.token.reveal()).header(CONTENT_TYPE, "application/json");
        match request.body(asked.body).send().await {
            Ok(response) => whole(response).await,
            Err(error) if error.is_connect() || error.is_builder() => {
                Err(Broken::Unsent(io::Error::other(error.without_url())))
            }
            Err(error) => Err(broken(error)),
        }
    }

    /// `path`, which may have a query, after the path of the base.
    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let whole = format!("{}{path}", url.path().trim_end_matches('/'));
        url.set_path(&whole);
        url.set_query(query);
        url
    }
}

/// Without a user, a password or a query: none of them means anything here, and each may be secret.
fn checked(base: &str) -> Result<Url, RemoteError> {
    let refused = |address: &str| RemoteError::Address { address: address.to_owned() };
    let Ok(url) = Url::parse(base) else { return Err(refused("…")) };
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && plain && url.fragment().is_none() {
        return Ok(url);
    }
    Err(refused(&format!("{}://{}…", url.scheme(), url.host_str().unwrap_or_default())))
}

async fn whole(mut response: Response) -> Result<(StatusCode, Bytes), Broken> {
    let status = response.status();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(broken)? {
        if body.len() + piece.len() > LONGEST {
            return Err(Broken::Halfway(format!("the answer is longer than {LONGEST} bytes").into()));
        }
        body.extend_from_slice(&piece);
    }
    Ok((status, body.into()))
}

fn broken(error: reqwest::Error) -> Broken {
    if error.is_timeout() { Broken::Late } else { Broken::Halfway(error.without_url().into()) }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(base: &str) -> Result<Remote, RemoteError> {
        Remote::new(base, AdminToken::new(&"t0ken".repeat(8)).unwrap())
    }

    #[test]
    fn a_path_comes_after_that_of_the_base() {
        let plain = remote("https://edge.example.com").unwrap();
        let below = remote("http://127.0.0.1:9000/shop/").unwrap();
        assert_eq!(plain.url("/v1/route").as_str(), "https://edge.example.com/v1/route");
        assert_eq!(
            below.url("/v1/windows?after=3&wait_ms=5").as_str(),
            "http://127.0.0.1:9000/shop/v1/windows?after=3&wait_ms=5"
        );
    }

    #[test]
    fn an_address_that_cannot_be_asked_is_refused_without_what_may_be_secret_in_it() {
        let all = [
            "edge.example.com",
            "ftp://edge.example.com/",
            "https://me:s3cret@edge.example.com/",
            "https://edge.example.com/?token=s3cret",
        ];
        let said = all.map(|base| remote(base).unwrap_err().to_string()).join("\n");
        assert!(!said.contains("s3cret"));
        insta::assert_snapshot!(said, @r#"
        "…" is not an address such as https://edge.example.com/
        "ftp://edge.example.com…" is not an address such as https://edge.example.com/
        "https://edge.example.com…" is not an address such as https://edge.example.com/
        "https://edge.example.com…" is not an address such as https://edge.example.com/
        "#);
    }

    #[tokio::test]
    async fn an_edge_that_never_answers_is_waited_for_as_long_as_was_said() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let silent = remote(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let limit = Duration::from_millis(50);
        let asked = Asked { method: http::Method::GET, path: "/v1/route", body: Vec::new(), limit };
        let began = tokio::time::Instant::now();
        let broken = silent.exchange(asked).await.unwrap_err();
        assert!(matches!(broken, Broken::Late) && began.elapsed() >= limit, "{broken:?}");
    }

    #[test]
    fn a_remote_shows_nothing_of_its_token() {
        let shown = format!("{:?}", remote("https://edge.example.com").unwrap());
        assert_eq!(shown, r#"Remote { base: "https://edge.example.com/", .. }"#);
    }
}
