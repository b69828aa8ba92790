//! A request's body on its way to an instance.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

/// How far a body has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Stage {
    /// Nobody asked for it yet: the request can still be sent elsewhere, body and all.
    Untouched,
    /// The client owes the next piece.
    Client,
    /// The instance owes us room for the next piece.
    Instance,
    /// All of it was taken.
    Done,
    /// It was longer than allowed.
    TooLarge,
    /// The client broke it off.
    Broken,
}

const STAGES: [Stage; 6] =
    [Stage::Untouched, Stage::Client, Stage::Instance, Stage::Done, Stage::TooLarge, Stage::Broken];

/// Seen by whoever waits for the answer while the connection sends the body.
#[derive(Debug, Default)]
pub(super) struct Progress {
    stage: AtomicU8,
    pieces: AtomicU64,
}

impl Progress {
    pub(super) fn stage(&self) -> Stage {
        STAGES[usize::from(self.stage.load(Ordering::Acquire))]
    }

    /// Grows with each piece taken from the client.
    pub(super) fn pieces(&self) -> u64 {
        self.pieces.load(Ordering::Relaxed)
    }

    fn set(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Release);
    }
}

/// The body that goes upstream.
#[derive(Debug)]
pub(super) enum Upload {
    /// There is none.
    Empty,
    /// It is the client's, taken piece by piece when the instance has room for more.
    Client(Box<Client>),
}

#[derive(Debug)]
pub(super) struct Client {
    body: Incoming,
    left: u64,
    progress: Arc<Progress>,
}

impl Upload {
    /// Nothing is read from `body` before the first poll; more than `limit` bytes are an error.
    pub(super) fn new(body: Incoming, limit: Option<u64>) -> Self {
        if body.is_end_stream() {
            return Self::Empty;
        }
        let left = limit.unwrap_or(u64::MAX);
        Self::Client(Box::new(Client { body, left, progress: Arc::default() }))
    }

    /// Whether it is of a length that its headers do not say.
    pub(super) fn is_chunked(&self) -> bool {
        matches!(self, Self::Client(client) if client.body.size_hint().exact().is_none())
    }

    /// To watch it by; `None` where there is no body.
    pub(super) fn progress(&self) -> Option<Arc<Progress>> {
        match self {
            Self::Empty => None,
            Self::Client(client) => Some(client.progress.clone()),
        }
    }
}

impl Client {
    fn take(&mut self, frame: Frame<Bytes>) -> io::Result<Frame<Bytes>> {
        let length = frame.data_ref().map_or(0, |data| data.len() as u64);
        let Some(left) = self.left.checked_sub(length) else {
            self.progress.set(Stage::TooLarge);
            return Err(io::Error::other("the body is longer than allowed"));
        };
        self.left = left;
        self.progress.pieces.fetch_add(1, Ordering::Relaxed);
        self.progress.set(if self.body.is_end_stream() { Stage::Done } else { Stage::Instance });
        Ok(frame)
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let Self::Client(client) = &mut *self else { return Poll::Ready(None) };
        client.progress.set(Stage::Client);
        match ready!(Pin::new(&mut client.body).poll_frame(cx)) {
            Some(Ok(frame)) => Poll::Ready(Some(client.take(frame))),
            Some(Err(error)) => {
                client.progress.set(Stage::Broken);
                Poll::Ready(Some(Err(io::Error::other(error))))
            }
            None => {
                client.progress.set(Stage::Done);
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Client(client) => client.body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Client(client) => client.body.size_hint(),
        }
    }
}
