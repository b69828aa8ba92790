//! What is in flight, counted so that a drain can wait for zero without a lock on the request path.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use handover_traffic::InFlight;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// What a request is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its answer has not begun.
    Request,
    /// The head of its answer was sent, the body is on its way.
    Stream,
    /// Its connection speaks another protocol now.
    Upgrade,
}

/// One word holds all three counts, so that a request changing its kind is never missed by a reader.
const BITS: u32 = 21;
const MASK: u64 = (1 << BITS) - 1;

impl Kind {
    const fn one(self) -> u64 {
        match self {
            Self::Request => 1,
            Self::Stream => 1 << BITS,
            Self::Upgrade => 1 << (2 * BITS),
        }
    }
}

/// What one slot, or one instance, is answering.
#[derive(Debug)]
pub(super) struct Load {
    counts: AtomicU64,
    waiting: AtomicUsize,
    idle: Notify,
    upgrades: watch::Sender<()>,
}

impl Load {
    pub(super) fn new() -> Self {
        Self {
            counts: AtomicU64::new(0),
            waiting: AtomicUsize::new(0),
            idle: Notify::new(),
            upgrades: watch::Sender::new(()),
        }
    }

    /// Counts a request in.
    ///
    /// Sequentially consistent, because admission must see a newer route, or a drain this request: never neither.
    pub(super) fn enter(&self) {
        self.counts.fetch_add(Kind::Request.one(), Ordering::SeqCst);
    }

    pub(super) fn change(&self, from: Kind, to: Kind) {
        self.counts.fetch_add(to.one().wrapping_sub(from.one()), Ordering::SeqCst);
    }

    pub(super) fn leave(&self, kind: Kind) {
        let before = self.counts.fetch_sub(kind.one(), Ordering::SeqCst);
        if before == kind.one() && self.waiting.load(Ordering::SeqCst) > 0 {
            self.idle.notify_waiters();
        }
    }

    pub(super) fn read(&self) -> InFlight {
        let counts = self.counts.load(Ordering::SeqCst);
        InFlight { requests: counts & MASK, streams: (counts >> BITS) & MASK, upgrades: counts >> (2 * BITS) }
    }

    /// Requests of any kind; for choosing the instance with the least to do.
    pub(super) fn total(&self) -> u64 {
        self.read().total()
    }

    /// Waits until nothing is in flight; false once `limit` has passed.
    pub(super) async fn idle_within(&self, limit: Duration) -> bool {
        let _waiting = Waiting::on(&self.waiting);
        let until = Instant::now() + limit;
        loop {
            let idle = self.idle.notified();
            tokio::pin!(idle);
            idle.as_mut().enable();
            if self.total() == 0 {
                return true;
            }
            if tokio::time::timeout_at(until, idle).await.is_err() {
                return self.total() == 0;
            }
        }
    }

    /// Tells every upgraded connection to close.
    pub(super) fn close_upgrades(&self) {
        self.upgrades.send_replace(());
    }

    /// Hears of [`Self::close_upgrades`] from now on.
    pub(super) fn closing(&self) -> watch::Receiver<()> {
        self.upgrades.subscribe()
    }
}

/// Somebody waits for zero; also when the waiting is dropped half-way.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn on(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_counted_apart_and_a_change_keeps_the_total() {
        let load = Load::new();
        load.enter();
        load.enter();
        load.change(Kind::Request, Kind::Stream);
        assert_eq!(load.read(), InFlight { requests: 1, streams: 1, upgrades: 0 });
        load.change(Kind::Request, Kind::Upgrade);
        assert_eq!(load.read(), InFlight { requests: 0, streams: 1, upgrades: 1 });
        load.leave(Kind::Stream);
        load.leave(Kind::Upgrade);
        assert_eq!(load.total(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_ends_with_the_last_request_or_at_the_limit() {
        let load = Load::new();
        load.enter();
        assert!(!load.idle_within(Duration::from_secs(1)).await, "a request was in flight");
        let began = Instant::now();
        let (idle, ()) = tokio::join!(load.idle_within(Duration::from_secs(1)), async {
            tokio::task::yield_now().await;
            load.leave(Kind::Request);
        });
        assert!(idle);
        assert_eq!(began.elapsed(), Duration::ZERO, "nobody was told that it is idle");
    }
}
