use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use ::axum::Router;
use ::axum::body::Body;
use ::axum::extract::Request;
use ::axum::http::header::{CONNECTION, UPGRADE};
use ::axum::http::{HeaderValue, Response};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::sleep;
use tower_service::Service as _;

use super::socket::{Busy, Socket};
use crate::race::{First, race};
use crate::{Lifecycle, Stage};

/// A connection without a request has this long to bring one, once connections are to be closed.
const LAST_CHANCE: Duration = Duration::from_secs(1);

/// Serves one connection to its end; once connections are to be closed, until its requests are answered.
pub(super) async fn serve_connection(stream: TcpStream, app: Router, lifecycle: Lifecycle) {
    let busy = Arc::new(Busy::default());
    let socket = TokioIo::new(Socket::new(stream, busy.clone()));
    let (life, at_work) = (lifecycle.clone(), busy.clone());
    let service = service_fn(move |request| answer(app.clone(), request, life.clone(), at_work.clone()));
    let connection = http1::Builder::new().serve_connection(socket, service).with_upgrades();
    let mut connection = pin!(connection);
    // Whether a connection ends well is its client's to know.
    if let First::Left(_) = race(connection.as_mut(), lifecycle.reached(Stage::Closing)).await {
        return;
    }
    connection.as_mut().graceful_shutdown();
    race(connection, idle(&busy)).await;
}

/// Until there has been nothing to do for a while: what then comes is too late.
async fn idle(busy: &Busy) {
    let mut before = busy.turns();
    loop {
        sleep(LAST_CHANCE).await;
        let turns = busy.turns();
        if !busy.is_busy() && turns == before {
            return;
        }
        before = turns;
    }
}

async fn answer(
    mut app: Router,
    request: hyper::Request<Incoming>,
    lifecycle: Lifecycle,
    busy: Arc<Busy>,
) -> Result<Response<Answered>, Infallible> {
    let at_work = AtWork::on(busy);
    let mut response = app.call(request.map(Body::new) as Request).await?;
    // One that changes the protocol needs its own word there.
    if lifecycle.stage() >= Stage::Draining && !response.headers().contains_key(UPGRADE) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| Answered { body, _at_work: at_work }))
}

/// A request is under way for as long as this lives.
struct AtWork(Arc<Busy>);

impl AtWork {
    fn on(busy: Arc<Busy>) -> Self {
        busy.begin();
        Self(busy)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The application's answer, under way until its last byte is handed over.
struct Answered {
    body: Body,
    _at_work: AtWork,
}

impl http_body::Body for Answered {
    type Data = Bytes;
    type Error = ::axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ::axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
