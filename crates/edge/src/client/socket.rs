//! One request and its answer over an agent's Unix socket.

use std::path::Path;

use bytes::Bytes;
use handover_traffic::BoxError;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::call::{Asked, Broken};

pub(super) async fn exchange(socket: &Path, asked: Asked<'_>) -> Result<(StatusCode, Bytes), Broken> {
    let stream = UnixStream::connect(socket).await.map_err(Broken::Unsent)?;
    match timeout(asked.limit, over(stream, asked)).await {
        Ok(answered) => answered.map_err(Broken::Halfway),
        Err(_) => Err(Broken::Late),
    }
}

async fn over(stream: UnixStream, asked: Asked<'_>) -> Result<(StatusCode, Bytes), BoxError> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::builder()
        .method(asked.method)
        .uri(asked.path)
        .header(http::header::HOST, "agent")
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(asked.body)))?;
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
