//! One connection to an instance, driven by the task of the request that uses it.
//!
//! A task of its own per connection, as is usual, would cost two trips through the scheduler per request.

use std::fmt;
use std::future::{Future, poll_fn};
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, Connection, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::coop::unconstrained;
use tokio::time::Instant;

use super::address::Address;
use super::options::Timeouts;
use super::timer::Timer;
use super::upload::{Progress, Stage, Upload};

/// A connection with nothing, or one request, on it.
pub(super) struct Upstream {
    send: SendRequest<Upload>,
    conn: Option<Connection<TokioIo<Heard>, Upload>>,
    /// The connection has nothing more to do; it is kept only for the stream inside it.
    ended: bool,
    heard: Arc<AtomicBool>,
    pub(super) timer: Timer,
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream").finish_non_exhaustive()
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Silence {
    /// The connection broke.
    Broken {
        /// The request, where not a byte of it was sent.
        unsent: Option<Box<Request<Upload>>>,
        /// Whether any of an answer had come by then.
        heard: bool,
        /// What broke it.
        error: hyper::Error,
    },
    /// The instance took too long, in reading the request or in answering it.
    Late,
    /// The client took too long to send its body.
    ClientLate,
}

impl Upstream {
    /// Connects, within `limit`; where the address is a name, that includes looking it up.
    pub(super) async fn connect(addr: &Address, limit: Duration) -> io::Result<Box<Self>> {
        let stream = match tokio::time::timeout(limit, addr.connect()).await {
            Ok(stream) => stream?,
            Err(_) => return Err(io::ErrorKind::TimedOut.into()),
        };
        stream.set_nodelay(true)?;
        let heard = Arc::new(AtomicBool::new(false));
        let io = TokioIo::new(Heard { stream, heard: heard.clone() });
        let (send, conn) = http1::Builder::new().handshake(io).await.map_err(io::Error::other)?;
        Ok(Box::new(Self { send, conn: Some(conn), ended: false, heard, timer: Timer::default() }))
    }

    /// Sends a request and waits for the head of its answer.
    pub(super) async fn ask(
        &mut self,
        request: Request<Upload>,
        timeouts: &Timeouts,
    ) -> Result<Response<Incoming>, Silence> {
        self.heard.store(false, Ordering::Relaxed);
        let mut patience = Patience::new(request.body().progress(), timeouts);
        // Its wake-ups come from the connection, driven by this very task: it may ignore the task's budget.
        let mut answer = pin!(unconstrained(self.send.try_send_request(request)));
        let Self { conn, ended, heard, timer, .. } = self;
        let outcome = poll_fn(|cx| {
            drive(conn, ended, cx);
            let mut unheard = Context::from_waker(Waker::noop());
            if let Poll::Ready(outcome) = answer.as_mut().poll(&mut unheard) {
                return Poll::Ready(Ok(outcome));
            }
            if *ended && conn.take().is_some() {
                // A connection that is gone hands back what it had not begun.
                return answer.as_mut().poll(&mut unheard).map(Ok);
            }
            patience.poll(timer, cx).map(Err)
        });
        outcome.await?.map_err(|mut failed| Silence::Broken {
            unsent: failed.take_message().map(Box::new),
            heard: heard.load(Ordering::Relaxed),
            error: failed.into_error(),
        })
    }

    /// Lets the connection work; ready once it has nothing more to do.
    pub(super) fn poll_drive(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        drive(&mut self.conn, &mut self.ended, cx);
        if self.ended { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Whether it can take another request.
    ///
    /// The connection is driven once more, to finish the last one, by a waker that wakes nobody: nobody waits for an
    /// idle connection.
    pub(super) fn is_reusable(&mut self) -> bool {
        let mut nobody = Context::from_waker(Waker::noop());
        self.poll_drive(&mut nobody).is_pending() && self.send.is_ready()
    }

    /// The bare connection after an upgrade, with what was read beyond the head of the answer.
    pub(super) async fn into_stream(mut self: Box<Self>) -> Option<(TcpStream, Bytes)> {
        poll_fn(|cx| self.poll_drive(cx)).await;
        let parts = self.conn?.into_parts();
        Some((parts.io.into_inner().stream, parts.read_buf))
    }
}

fn drive(conn: &mut Option<Connection<TokioIo<Heard>, Upload>>, ended: &mut bool, cx: &mut Context<'_>) {
    // An error of the connection reaches the request, or the body of its answer; here it only is the end.
    if let (Some(open), false) = (conn, *ended) {
        *ended = open.poll_without_shutdown(cx).is_ready();
    }
}

/// Until when an answer is waited for, given how the request's body gets on.
struct Patience<'a> {
    upload: Option<Arc<Progress>>,
    seen: (u64, bool),
    deadline: Instant,
    timeouts: &'a Timeouts,
}

impl<'a> Patience<'a> {
    fn new(upload: Option<Arc<Progress>>, timeouts: &'a Timeouts) -> Self {
        let first = if upload.is_some() { timeouts.body_idle } else { timeouts.response_header };
        Self { upload, seen: (0, false), deadline: Instant::now() + first, timeouts }
    }

    fn poll(&mut self, timer: &mut Timer, cx: &mut Context<'_>) -> Poll<Silence> {
        let stage = self.upload.as_ref().map(|upload| (upload.pieces(), upload.stage()));
        if let Some((pieces, stage)) = stage {
            let now = (pieces, stage == Stage::Done);
            if now != self.seen {
                let next = if now.1 { self.timeouts.response_header } else { self.timeouts.body_idle };
                (self.seen, self.deadline) = (now, Instant::now() + next);
            }
        }
        timer.poll_at(cx, self.deadline).map(|()| match stage {
            Some((_, Stage::Client)) => Silence::ClientLate,
            _ => Silence::Late,
        })
    }
}

/// A stream that remembers whether anything was read from it.
#[derive(Debug)]
struct Heard {
    stream: TcpStream,
    heard: Arc<AtomicBool>,
}

impl AsyncRead for Heard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.heard.store(true, Ordering::Relaxed);
        }
        read
    }
}

impl AsyncWrite for Heard {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
