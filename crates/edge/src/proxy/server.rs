//! The listener: accepts, serves, and stops without racing a client that is about to send.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior};

use super::client_io::{ClientIo, Phase};
use super::edge::Edge;
use super::forward::{Conn, answer};
use super::peer::Peer;

/// Serving goes on.
const OPEN: u8 = 0;
/// Answers say that they are the last ones on their connection.
const ANNOUNCED: u8 = 1;
/// Idle connections are closed.
const IDLE_CLOSED: u8 = 2;
/// Everything is closed.
const KILLED: u8 = 3;

/// How far a listener's end has come; shared by its connections.
#[derive(Debug, Default)]
pub(super) struct Closing {
    stage: AtomicU8,
    moved: Notify,
    open: AtomicUsize,
    none_open: Notify,
}

impl Closing {
    /// Whether answers say that they are the last ones.
    pub(super) fn announced(&self) -> bool {
        self.stage() >= ANNOUNCED
    }

    fn stage(&self) -> u8 {
        self.stage.load(Ordering::Relaxed)
    }

    fn advance(&self, stage: u8) {
        self.stage.store(stage, Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    /// Counts something that the end waits for.
    pub(super) fn enter(self: &Arc<Self>) -> Open {
        self.open.fetch_add(1, Ordering::SeqCst);
        Open(self.clone())
    }

    async fn none_open_until(&self, deadline: Instant) -> bool {
        loop {
            let mut none = pin!(self.none_open.notified());
            none.as_mut().enable();
            if self.open.load(Ordering::SeqCst) == 0 {
                return true;
            }
            if tokio::time::timeout_at(deadline, none).await.is_err() {
                return false;
            }
        }
    }
}

/// Something that the end waits for: a connection, or what became of it.
#[derive(Debug)]
pub(super) struct Open(Arc<Closing>);

impl Open {
    /// Returns when everything is to be closed.
    pub(super) async fn killed(&self) {
        loop {
            let mut moved = pin!(self.0.moved.notified());
            moved.as_mut().enable();
            if self.0.stage() == KILLED {
                return;
            }
            moved.await;
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.0.open.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.none_open.notify_waiters();
        }
    }
}

/// Accepts until `stop`, then ends in order: answers announce it, idle connections go, then everything.
pub(super) async fn serve(edge: Arc<Edge>, listener: TcpListener, stop: impl Future) -> io::Result<()> {
    let closing = Arc::new(Closing::default());
    let accepted = accept_until(&edge, &listener, &closing, stop).await;
    closing.advance(ANNOUNCED);
    accept_backlog(&edge, &listener, &closing);
    drop(listener);
    let (began, timeouts) = (Instant::now(), edge.settings.timeouts);
    if !closing.none_open_until(began + timeouts.stop_idle).await {
        closing.advance(IDLE_CLOSED);
        if !closing.none_open_until(began + timeouts.stop.max(timeouts.stop_idle)).await {
            closing.advance(KILLED);
            closing.none_open_until(Instant::now() + Duration::from_secs(1)).await;
        }
    }
    accepted
}

/// After this many errors in a row the listener is beyond hope.
const HOPELESS: u32 = 200;

async fn accept_until(
    edge: &Arc<Edge>,
    listener: &TcpListener,
    closing: &Arc<Closing>,
    stop: impl Future,
) -> io::Result<()> {
    let mut stop = pin!(stop);
    let mut sweep = tokio::time::interval(Duration::from_secs(1));
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut errors = 0;
    loop {
        tokio::select! {
            biased;
            _ = &mut stop => return Ok(()),
            accepted = listener.accept() => match accepted {
                Ok((stream, addr)) => {
                    errors = 0;
                    start(edge, stream, addr, closing);
                }
                Err(error) if errors == HOPELESS => return Err(error),
                Err(error) => {
                    errors += 1;
                    tracing::warn!(%error, "could not accept a connection");
                    // Out of descriptors, most likely: some are freed while we wait.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            _ = sweep.tick() => sweep_pools(edge),
        }
    }
}

/// Clients that are connected already, as far as they know, are served too.
fn accept_backlog(edge: &Arc<Edge>, listener: &TcpListener, closing: &Arc<Closing>) {
    let mut nobody = Context::from_waker(std::task::Waker::noop());
    while let Poll::Ready(Ok((stream, addr))) = listener.poll_accept(&mut nobody) {
        start(edge, stream, addr, closing);
    }
}

fn sweep_pools(edge: &Edge) {
    let (now, limit) = (Instant::now(), edge.settings.timeouts.pool_idle);
    for (_, place) in edge.table.load().slots.iter() {
        place.instances.iter().for_each(|instance| instance.pool.sweep(now, limit));
    }
}

fn start(edge: &Arc<Edge>, stream: TcpStream, addr: SocketAddr, closing: &Arc<Closing>) {
    // Fails only on a connection that is gone already; serving it will notice.
    let _ = stream.set_nodelay(true);
    let open = closing.enter();
    let limits = &edge.settings.limits;
    let phase = Arc::new(Phase::default());
    let io = TokioIo::new(ClientIo::new(stream, phase.clone(), &edge.settings.timeouts));
    let mut server = http1::Builder::new();
    server.max_headers(limits.headers).max_header_size(limits.header_bytes);
    server.max_buf_size(limits.header_bytes.max(LEAST_BUFFER));
    let conn = Arc::new(Conn { edge: edge.clone(), peer: Peer::new(addr, phase, closing.clone()) });
    let service = service_fn(move |request| {
        let conn = conn.clone();
        async move { Ok::<_, Infallible>(answer(conn, request).await) }
    });
    let serving = server.serve_connection(io, service).with_upgrades();
    let edge = edge.clone();
    tokio::spawn(async move {
        edge.stats.connections.fetch_add(1, Ordering::Relaxed);
        // An error here is the client's: gone, too slow, or not speaking HTTP; it has been answered if it could be.
        let _ = Served { serving, closing: &open.0, seen: OPEN }.run().await;
        edge.stats.connections.fetch_sub(1, Ordering::Relaxed);
    });
}

/// Large enough for a body to come in sensible pieces.
const LEAST_BUFFER: usize = 128 * 1024;

/// A connection that hears of the end.
struct Served<'a, S> {
    serving: S,
    closing: &'a Closing,
    seen: u8,
}

/// A connection that can be asked to end after the answer under way, at once if there is none.
trait Graceful: Future<Output = hyper::Result<()>> {
    fn end(self: Pin<&mut Self>);
}

impl<I, S> Graceful for http1::UpgradeableConnection<I, S>
where
    Self: Future<Output = hyper::Result<()>>,
    S: hyper::service::HttpService<hyper::body::Incoming>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    S::ResBody: hyper::body::Body + 'static,
    <S::ResBody as hyper::body::Body>::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn end(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<S: Graceful> Served<'_, S> {
    /// Registers for news once, and then pays for them with one load per poll.
    async fn run(self) -> hyper::Result<()> {
        let Self { serving, closing, mut seen } = self;
        let mut serving = pin!(serving);
        loop {
            let mut moved = pin!(closing.moved.notified());
            moved.as_mut().enable();
            let mut registered = false;
            let done = poll_fn(|cx| {
                if !std::mem::replace(&mut registered, true) {
                    let _ = moved.as_mut().poll(cx);
                }
                if closing.stage() != seen {
                    return Poll::Ready(None);
                }
                Poll::Ready(Some(ready!(serving.as_mut().poll(cx))))
            });
            if let Some(result) = done.await {
                return result;
            }
            seen = closing.stage();
            match seen {
                KILLED => return Ok(()),
                IDLE_CLOSED => serving.as_mut().end(),
                _ => {}
            }
        }
    }
}
