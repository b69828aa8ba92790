//! One request and its answer over a connection of its own.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use handover_traffic::BoxError;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::ClientError;
use crate::api::ApiError;

/// A request that was not sent yet.
#[derive(Debug)]
pub(super) struct Call<'a> {
    socket: &'a Path,
    method: Method,
    path: String,
    body: Vec<u8>,
    limit: Duration,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        socket: &'a Path,
        method: Method,
        path: String,
        body: Vec<u8>,
        limit: Duration,
    ) -> Self {
        Self { socket, method, path, body, limit }
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
        let stream = UnixStream::connect(self.socket)
            .await
            .map_err(|source| ClientError::Unreachable { socket: self.socket.to_owned(), source })?;
        let (name, limit) = (self.name(), self.limit);
        match timeout(limit, self.exchange(stream)).await {
            Ok(Ok((status, body))) if status.is_success() => Ok(body),
            Ok(Ok((status, body))) => Err(refusal(status, &body)
                .unwrap_or_else(|| unconfirmed(name, limit, Some(format!("it answered {status}").into())))),
            Ok(Err(e)) => Err(unconfirmed(name, limit, Some(e))),
            Err(_) => Err(unconfirmed(name, limit, None)),
        }
    }

    async fn exchange(self, stream: UnixStream) -> Result<(StatusCode, Bytes), BoxError> {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let request = Request::builder()
            .method(self.method)
            .uri(self.path)
            .header(http::header::HOST, "agent")
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(self.body)))?;
        let answer = async {
            let response = sender.send_request(request).await?;
            let status = response.status();
            Ok::<_, hyper::Error>((status, response.into_body().collect().await?.to_bytes()))
        };
        tokio::pin!(answer, connection);
        // The connection is driven here and not in a task of its own: dropping the call closes it.
        tokio::select! {
            answer = &mut answer => Ok(answer?),
            ended = &mut connection => {
                ended?;
                Ok(answer.await?)
            }
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
