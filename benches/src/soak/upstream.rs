//! A release as the soak sees it: a real server that says which slot it is and when a request reached it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use handover_core::Slot;
use http::{Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::book::Book;
use crate::kind::{self, Kind};

/// The header that names the slot.
pub(crate) const SLOT: &str = "soak-slot";
/// The header with [`Book::stamp`] at the time of arrival.
pub(crate) const STAMP: &str = "soak-stamp";

/// How long a slow answer takes to begin, and a streamed one to go on: long enough to be cut in two by cutovers.
const PAUSE: Duration = Duration::from_millis(2);

type Answer = Response<BoxBody<Bytes, hyper::Error>>;

/// One release's server.
#[derive(Debug)]
pub(crate) struct Upstream {
    slot: Slot,
    book: Arc<Book>,
    arrived: AtomicU64,
}

impl Upstream {
    /// Starts it on a port of its own; it serves until the runtime ends.
    pub(crate) async fn start(slot: Slot, book: Arc<Book>) -> std::io::Result<(Arc<Self>, SocketAddr)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let upstream = Arc::new(Self { slot, book, arrived: AtomicU64::new(0) });
        tokio::spawn(accept(Arc::clone(&upstream), listener));
        Ok((upstream, address))
    }

    /// How many requests reached it.
    pub(crate) fn arrived(&self) -> u64 {
        self.arrived.load(Ordering::SeqCst)
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Answer, Infallible> {
        self.arrived.fetch_add(1, Ordering::SeqCst);
        let stamp = self.book.stamp();
        let (parts, body) = request.into_parts();
        let Some(kind) = Kind::of(parts.uri.path()) else { return Ok(refusal("no such kind of request")) };
        let body = match kind {
            Kind::Quick => whole(Bytes::from_static(&kind::PAGE)),
            Kind::Slow => {
                tokio::time::sleep(PAUSE).await;
                whole(Bytes::from_static(&kind::PAGE))
            }
            Kind::Stream => streamed(),
            Kind::Upload => match body.collect().await {
                Ok(body) => whole(body.to_bytes()),
                Err(_) => return Ok(refusal("the upload was cut")),
            },
        };
        let answer = Response::builder().header(SLOT, self.slot.as_str()).header(STAMP, stamp);
        Ok(answer.body(body).unwrap_or_else(|_| refusal("the answer could not be built")))
    }
}

async fn accept(upstream: Arc<Upstream>, listener: TcpListener) {
    loop {
        // An error here is the client's or a passing lack of descriptors; the listener stays good.
        if let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(serve(Arc::clone(&upstream), connection));
        }
    }
}

async fn serve(upstream: Arc<Upstream>, connection: TcpStream) {
    // An answer is small and written at once; waiting for more of it would only measure the kernel's delay.
    let _ = connection.set_nodelay(true);
    let service = service_fn(|request| upstream.answer(request));
    // A connection that breaks shows as a failed request, on the side that counts them.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
}

fn whole(body: Bytes) -> BoxBody<Bytes, hyper::Error> {
    Full::new(body).map_err(|never| match never {}).boxed()
}

/// The page in as many chunks, with a pause before each, of no announced length.
fn streamed() -> BoxBody<Bytes, hyper::Error> {
    let chunks = kind::PAGE.chunks(kind::PAGE.len() / 4);
    let paused = stream::unfold(chunks, |mut chunks| async {
        let chunk = chunks.next()?;
        tokio::time::sleep(PAUSE).await;
        Some((Ok(Frame::data(Bytes::from_static(chunk))), chunks))
    });
    BodyExt::boxed(StreamBody::new(paused))
}

fn refusal(why: &'static str) -> Answer {
    let mut answer = Response::new(whole(Bytes::from_static(why.as_bytes())));
    *answer.status_mut() = http::StatusCode::BAD_REQUEST;
    answer
}
