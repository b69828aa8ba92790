use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::{Interval, interval};

/// A body that comes in numbered lines, one per interval.
#[derive(Debug)]
pub(super) struct Drip {
    next: u64,
    lines: u64,
    every: Interval,
}

impl Drip {
    /// `lines` lines, one each `every`.
    pub(super) fn new(lines: u64, every: Duration) -> Self {
        Self { next: 0, lines, every: interval(every.max(Duration::from_millis(1))) }
    }
}

impl Body for Drip {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let drip = self.get_mut();
        if drip.next == drip.lines {
            return Poll::Ready(None);
        }
        ready!(drip.every.poll_tick(cx));
        let line = format!("line {}\n", drip.next);
        drip.next += 1;
        Poll::Ready(Some(Ok(Frame::data(line.into()))))
    }
}
