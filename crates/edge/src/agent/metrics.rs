//! The metrics for whoever scrapes them: `GET /metrics` on an address of its own, and nothing else.
//!
//! The admin socket is for its owner alone; a Prometheus is another user, often on another machine.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::Core;

/// Where they are; also what Prometheus asks for by itself.
const PATH: &str = "/metrics";
/// How many may be connected at once; whoever comes then waits.
const CONNECTIONS: usize = 32;
/// For a whole request with its answer: nobody may hold a place by reading slowly.
const LIMIT: Duration = Duration::from_secs(10);
/// The longest head.
const HEAD_BYTES: usize = 16 * 1_024;
/// After an error that concerns the listener itself, such as too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// Answers for as long as the agent runs.
pub(super) async fn serve(listener: TcpListener, core: Arc<Core>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    // Those that are under way end with this.
    let mut conversations = JoinSet::new();
    loop {
        while conversations.try_join_next().is_some() {}
        // Closed by nobody, so there is always a permit to wait for.
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => drop(conversations.spawn(converse(stream, Arc::clone(&core), permit))),
            Err(error) => {
                tracing::warn!(%error, "the listener for metrics accepts nobody");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn converse(stream: TcpStream, core: Arc<Core>, _permit: OwnedSemaphorePermit) {
    let service = service_fn(|request: Request<Incoming>| {
        let answer = answer(request.method(), request.uri().path(), &core);
        async { Ok::<_, Infallible>(answer) }
    });
    let mut server = hyper::server::conn::http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(LIMIT).max_buf_size(HEAD_BYTES).keep_alive(false);
    // A client that goes away in the middle has nobody to tell.
    let _ = timeout(LIMIT, server.serve_connection(TokioIo::new(stream), service)).await;
}

fn answer(method: &Method, path: &str, core: &Core) -> Response<Full<Bytes>> {
    if path != PATH {
        return text(StatusCode::NOT_FOUND, format!("only {PATH} is here\n"));
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut refused = text(StatusCode::METHOD_NOT_ALLOWED, "GET or HEAD\n".to_owned());
        refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    text(StatusCode::OK, core.metrics_text())
}

fn text(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
