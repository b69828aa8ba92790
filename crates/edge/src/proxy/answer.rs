//! An answer's body on its way to the client; the request is in flight for as long as it lives.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::client_io::Phase;
use super::count::Kind;
use super::flight::{Flight, Note};
use super::stats::Class;
use super::timer::Timer;
use super::upload::{Progress, Stage};
use super::upstream::Upstream;

/// What a client gets after the head.
#[derive(Debug)]
pub(super) struct Answer {
    content: Content,
    /// Told when the answer was handed over, so that an idle connection is known as one.
    phase: Option<Arc<Phase>>,
}

#[derive(Debug)]
enum Content {
    Whole(Option<Bytes>),
    Stream(Box<Stream>),
}

impl Answer {
    /// All of it, known already.
    pub(super) const fn whole(bytes: Bytes) -> Self {
        Self { content: Content::Whole(Some(bytes)), phase: None }
    }

    pub(super) const fn empty() -> Self {
        Self { content: Content::Whole(None), phase: None }
    }

    pub(super) fn set_phase(&mut self, phase: Arc<Phase>) {
        self.phase = Some(phase);
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if let Some(phase) = &self.phase {
            phase.idle();
        }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut self.content {
            Content::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Content::Stream(stream) => stream.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Whole(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
            Content::Stream(stream) => stream.first.is_none() && stream.body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Content::Stream(stream) => stream.size_hint(),
        }
    }
}

/// Who lets the connection to the instance work.
#[derive(Debug)]
pub(super) enum Link {
    /// This body, whenever it is polled.
    Own(Box<Upstream>),
    /// A task, because the request's body is still being sent: an instance that reads only after its client reads
    /// would otherwise wait for ever.
    Task { _task: Detached },
    /// Nobody: it has ended.
    Ended,
}

/// A task that ends with its owner.
#[derive(Debug)]
pub(super) struct Detached(AbortHandle);

impl Drop for Detached {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Link {
    /// The link for an answer whose head came while the request's body was at this stage.
    pub(super) fn new(mut upstream: Box<Upstream>, upload: Option<&Arc<Progress>>) -> Self {
        if upload.is_none_or(|upload| upload.stage() == Stage::Done) {
            return Self::Own(upstream);
        }
        let task = tokio::spawn(async move { std::future::poll_fn(|cx| upstream.poll_drive(cx)).await });
        Self::Task { _task: Detached(task.abort_handle()) }
    }
}

/// A body that comes piece by piece.
pub(super) struct Stream {
    body: Incoming,
    /// Taken early, to see whether it was all.
    first: Option<Frame<Bytes>>,
    link: Link,
    flight: Option<Flight>,
    note: Note,
    status: StatusCode,
    bytes: u64,
    upload: Option<Arc<Progress>>,
    pieces: u64,
    moved: Instant,
    idle: Duration,
    timer: Timer,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Stream {
    pub(super) fn new(
        status: StatusCode,
        body: Incoming,
        link: Link,
        upload: Option<Arc<Progress>>,
        idle: Duration,
        (flight, note): (Flight, Note),
    ) -> Self {
        Self {
            body,
            first: None,
            link,
            flight: Some(flight),
            note,
            status,
            bytes: 0,
            upload,
            pieces: 0,
            moved: Instant::now(),
            idle,
            timer: Timer::default(),
        }
    }

    /// Makes an answer of it: whole where the body is here already, as most are.
    ///
    /// # Errors
    ///
    /// The body broke before any of it came.
    pub(super) async fn into_answer(mut self) -> Result<Answer, Note> {
        if self.body.is_end_stream() {
            self.end(Class::Status(self.status));
            return Ok(Answer::empty());
        }
        let now = std::future::poll_fn(|cx| Poll::Ready(self.poll_body(cx))).await;
        match now {
            Poll::Ready(Some(Ok(frame))) if frame.is_data() && self.body.is_end_stream() => {
                let bytes = frame.into_data().unwrap_or_default();
                self.bytes = bytes.len() as u64;
                self.end(Class::Status(self.status));
                return Ok(Answer::whole(bytes));
            }
            Poll::Ready(Some(Ok(frame))) => self.first = Some(frame),
            Poll::Ready(Some(Err(_))) => {
                self.end(self.blame());
                return Err(std::mem::take(&mut self.note));
            }
            Poll::Ready(None) => {
                self.end(Class::Status(self.status));
                return Ok(Answer::empty());
            }
            Poll::Pending => {}
        }
        if let Some(flight) = &mut self.flight {
            flight.turn_into(Kind::Stream);
        }
        Ok(Answer { content: Content::Stream(Box::new(self)), phase: None })
    }

    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(self.pass(first))));
        }
        match self.poll_body(cx) {
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(Ok(self.pass(frame)))),
            Poll::Ready(Some(Err(error))) => {
                self.end(self.blame());
                Poll::Ready(Some(Err(io::Error::other(error))))
            }
            Poll::Ready(None) => {
                self.end(Class::Status(self.status));
                Poll::Ready(None)
            }
            Poll::Pending => {
                ready!(self.poll_patience(cx));
                self.end(self.blame());
                Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())))
            }
        }
    }

    /// The next piece, letting the connection work where nobody else does.
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        let Link::Own(upstream) = &mut self.link else { return Pin::new(&mut self.body).poll_frame(cx) };
        // Asking first makes the connection read; it wakes this task by its socket, not by the body.
        let mut nobody = Context::from_waker(Waker::noop());
        if let Poll::Ready(piece) = Pin::new(&mut self.body).poll_frame(&mut nobody) {
            return Poll::Ready(piece);
        }
        if upstream.poll_drive(cx).is_ready() {
            self.link = Link::Ended;
        }
        Pin::new(&mut self.body).poll_frame(&mut nobody)
    }

    /// Ready once nothing has moved, in either direction, for too long.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let pieces = self.upload.as_ref().map_or(0, |upload| upload.pieces());
        if pieces != self.pieces {
            (self.pieces, self.moved) = (pieces, Instant::now());
        }
        self.timer.poll_at(cx, self.moved + self.idle)
    }

    /// A piece goes to the client; with the last one the request is over.
    fn pass(&mut self, frame: Frame<Bytes>) -> Frame<Bytes> {
        self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
        if self.body.is_end_stream() {
            self.end(Class::Status(self.status));
        } else {
            self.moved = Instant::now();
        }
        frame
    }

    /// Whose fault a broken body is: the client's, where it broke off or stalled its own.
    fn blame(&self) -> Class {
        match self.upload.as_ref().map(|upload| upload.stage()) {
            Some(Stage::Client | Stage::TooLarge | Stage::Broken) => Class::Cancelled,
            _ => Class::Error,
        }
    }

    /// The request is over; its connection is kept where it can take another.
    fn end(&mut self, class: Class) {
        let Some(mut flight) = self.flight.take() else { return };
        flight.end(class);
        self.note.bytes(self.bytes);
        if let (Link::Own(mut upstream), Class::Status(_)) =
            (std::mem::replace(&mut self.link, Link::Ended), class)
            && !flight.instance.is_retired()
            && upstream.is_reusable()
        {
            flight.instance.pool.put(upstream, Instant::now());
        }
    }

    fn size_hint(&self) -> SizeHint {
        let first = self.first.as_ref().and_then(Frame::data_ref).map_or(0, |first| first.len() as u64);
        let mut hint = self.body.size_hint();
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper.saturating_add(first));
        }
        hint.set_lower(hint.lower().saturating_add(first));
        hint
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Not ended: the client went away. A status of its own class stays an error.
        let class = if self.status.is_server_error() { Class::Status(self.status) } else { Class::Cancelled };
        if self.flight.is_some() {
            self.link = Link::Ended;
            self.end(class);
        }
    }
}
