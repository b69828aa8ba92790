//! One request and its answer over a connection of its own, and what it means where there is none.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use handover_traffic::BoxError;
use http::{Method, StatusCode};
use serde::de::DeserializeOwned;

use super::{Way, socket};
use crate::ClientError;
use crate::api::ApiError;

/// A request that was not sent yet.
#[derive(Debug)]
pub(super) struct Call<'a> {
    way: &'a Way,
    method: Method,
    path: String,
    body: Vec<u8>,
    limit: Duration,
}

/// What is sent.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) body: Vec<u8>,
    pub(super) limit: Duration,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Broken {
    /// Nothing was sent.
    Unsent(io::Error),
    /// Something was sent, and no whole answer came.
    Halfway(BoxError),
    /// The same, within the time there was.
    Late,
}

impl<'a> Call<'a> {
    pub(super) fn new(way: &'a Way, method: Method, path: String, body: Vec<u8>, limit: Duration) -> Self {
        Self { way, method, path, body, limit }
    }

    /// Waits this long for the answer.
    pub(super) fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The answer as a value.
    pub(super) async fn json<T: DeserializeOwned>(self) -> Result<T, ClientError> {
        let (name, limit) = (self.name(), self.limit);
        let body = self.bytes().await?;
        serde_json::from_slice(&body).map_err(|e| unconfirmed(name, limit, Some(e.into())))
    }

    /// The answer as text.
    pub(super) async fn text(self) -> Result<String, ClientError> {
        Ok(String::from_utf8_lossy(&self.bytes().await?).into_owned())
    }

    async fn bytes(self) -> Result<Bytes, ClientError> {
        let (name, limit, way) = (self.name(), self.limit, self.way);
        let asked = Asked { method: self.method, path: &self.path, body: self.body, limit };
        let exchanged = match way {
            Way::Socket(socket) => socket::exchange(socket, asked).await,
            #[cfg(feature = "remote")]
            Way::Remote(remote) => remote.exchange(asked).await,
        };
        match exchanged {
            Ok((status, body)) if status.is_success() => Ok(body),
            Ok((status, body)) => Err(refusal(status, &body)
                .unwrap_or_else(|| unconfirmed(name, limit, Some(format!("it answered {status}").into())))),
            Err(Broken::Unsent(source)) => Err(ClientError::Unreachable { at: way.place(), source }),
            Err(Broken::Halfway(source)) => Err(unconfirmed(name, limit, Some(source))),
            Err(Broken::Late) => Err(unconfirmed(name, limit, None)),
        }
    }

    fn name(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{} {path}", self.method)
    }
}

fn refusal(status: StatusCode, body: &[u8]) -> Option<ClientError> {
    let error = serde_json::from_slice::<ApiError>(body).ok()?;
    debug_assert!(!status.is_success());
    Some(error.into())
}

fn unconfirmed(call: String, after: Duration, source: Option<BoxError>) -> ClientError {
    ClientError::Unconfirmed { call, after, source }
}
