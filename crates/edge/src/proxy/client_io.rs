//! A client's connection with its patience: idle, in the middle of a head, or not reading what it asked for.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::options::Timeouts;
use super::timer::Timer;

const IDLE: u8 = 0;
const HEAD: u8 = 1;
const BUSY: u8 = 2;

/// What the connection waits for; shared with whoever answers its requests.
#[derive(Debug, Default)]
pub(super) struct Phase(AtomicU8);

impl Phase {
    /// A request's head is complete.
    pub(super) fn busy(&self) {
        self.0.store(BUSY, Ordering::Relaxed);
    }

    /// The answer was handed over; what follows is another request, or nothing.
    pub(super) fn idle(&self) {
        self.0.store(IDLE, Ordering::Relaxed);
    }
}

/// A client's stream that gives up when the client does nothing for too long.
///
/// Time passes only while the stream would block, and only for what the phase says is the client's turn.
#[derive(Debug)]
pub(super) struct ClientIo {
    stream: TcpStream,
    phase: std::sync::Arc<Phase>,
    reading: Turn,
    writing: Turn,
    header: Duration,
    idle: Duration,
    stalled: Duration,
}

/// A deadline, and the phase it was set for.
#[derive(Debug, Default)]
struct Turn {
    until: Option<(u8, Instant)>,
    timer: Timer,
}

impl Turn {
    fn poll(&mut self, phase: u8, limit: Duration, cx: &mut Context<'_>) -> Poll<()> {
        let until = match self.until {
            Some((same, until)) if same == phase => until,
            _ => Instant::now() + limit,
        };
        self.until = Some((phase, until));
        self.timer.poll_at(cx, until)
    }
}

impl ClientIo {
    pub(super) fn new(stream: TcpStream, phase: std::sync::Arc<Phase>, timeouts: &Timeouts) -> Self {
        Self {
            stream,
            phase,
            reading: Turn::default(),
            writing: Turn::default(),
            header: timeouts.client_header,
            idle: timeouts.client_idle,
            stalled: timeouts.body_idle,
        }
    }

    fn blocked_reading(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.phase.0.load(Ordering::Relaxed) {
            BUSY => {
                self.reading.until = None;
                Poll::Pending
            }
            HEAD => self.reading.poll(HEAD, self.header, cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
            // Nothing read is the end of the stream: an idle client is taken leave of in peace.
            _ => self.reading.poll(IDLE, self.idle, cx).map(Ok),
        }
    }

    fn progress(&mut self) {
        match self.phase.0.load(Ordering::Relaxed) {
            IDLE => {
                self.phase.0.store(HEAD, Ordering::Relaxed);
                self.reading.until = None;
            }
            // A head must be complete in time, however many pieces it comes in.
            HEAD => {}
            _ => self.reading.until = None,
        }
    }

    fn written<T>(&mut self, done: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.writing.until = None;
            return done;
        }
        self.writing.poll(BUSY, self.stalled, cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for ClientIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buf) {
            Poll::Pending => self.blocked_reading(cx),
            read @ Poll::Ready(_) => {
                if buf.filled().len() > before {
                    self.progress();
                }
                read
            }
        }
    }
}

impl AsyncWrite for ClientIo {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.written(done, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.written(done, cx)
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
