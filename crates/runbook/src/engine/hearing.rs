//! Taking orders: between steps, and while something else is under way.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::driver::{Driver, Left, Stop, Turn};
use crate::{Body, EngineError, JournalError, Numbered};

/// How long the order book may take to answer between steps.
const LISTEN: Duration = Duration::from_secs(10);
/// The same on the way back, which does not depend on it.
const LISTEN_BACK: Duration = Duration::from_secs(1);

impl Driver<'_> {
    /// Takes the orders that are there. On the way forward an order book that cannot be read stops the
    /// run, because it would not hear an order to go back.
    pub(super) async fn listen(&mut self) -> Result<(), Left> {
        let limit = if self.forward() { LISTEN } else { LISTEN_BACK };
        let book = self.engine.orders.after(self.run, self.position.taken);
        let news = match timeout(limit, book).await {
            Ok(news) => news,
            Err(late) => {
                let attempted = "read the order book".into();
                Err(JournalError::Unavailable { attempted, source: late.into() })
            }
        };
        match news {
            Ok(orders) => self.take(orders).await,
            Err(_) if !self.forward() => Ok(()),
            Err(source) => Err(Stop::Failed(EngineError::Journal { run: self.run.clone(), source }).into()),
        }
    }

    /// Takes orders, and waits while the run is paused. Returns whether it waited.
    pub(super) async fn gate(&mut self) -> Result<bool, Left> {
        let mut waited = false;
        loop {
            self.listen().await?;
            if !self.position.paused {
                return Ok(waited);
            }
            waited = true;
            sleep(self.engine.options.poll).await;
        }
    }

    /// Does `work` while taking orders. An order to go back drops the work.
    pub(super) async fn during<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Left> {
        let mut work = pin!(work);
        loop {
            let news = tokio::select! {
                biased;
                out = &mut work => return Ok(out),
                news = self.news() => news,
            };
            self.take(news).await?;
        }
    }

    /// The orders that are there when it is next time to look. A book that cannot be read is silent.
    ///
    /// Dropping the future loses nothing: an order is taken when it is recorded.
    pub(super) async fn news(&self) -> Vec<Numbered> {
        sleep_until(self.next_look).await;
        self.engine.orders.after(self.run, self.position.taken).await.unwrap_or_default()
    }

    /// Records each order, which makes it count.
    pub(super) async fn take(&mut self, orders: Vec<Numbered>) -> Result<(), Left> {
        self.next_look = Instant::now() + self.engine.options.poll;
        for Numbered { number, order, by, .. } in orders {
            self.record(Body::Ordered { number, order, by }).await?;
        }
        self.heed()
    }

    /// Leaves the way forward if a person asked for it.
    pub(super) fn heed(&self) -> Result<(), Left> {
        let Some(wanted) = &self.position.turn_wanted else { return Ok(()) };
        let (why, number) = (wanted.why(), wanted.number);
        let evidence =
            json!({ "order": number, "verb": wanted.verb, "by": wanted.by, "reason": wanted.reason });
        Err(Turn { why, evidence }.into())
    }
}
