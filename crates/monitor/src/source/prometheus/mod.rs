//! Windows from what a Prometheus has scraped.

mod active;
mod buckets;
mod client;
mod counts;
mod options;
mod wire;

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::Duration;

use handover_core::{BySlot, Clock, RunId, Slot, SystemClock};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use super::watched::{Begun, Watched, next_epoch};
use super::{Answer, Resolution, SourceError, WindowSource};
use crate::pair::Pairs;
use active::{Active, Moment, seconds};
use client::Client;
use counts::{Counts, counters, histograms};

pub use options::{PrometheusOptions, SlotQueries, Token};

/// Windows made of the counters in a Prometheus: a service that is not behind our edge can be judged by what it exports.
///
/// It asks every [`step`](PrometheusOptions::step), and only while somebody waits in [`after`](WindowSource::after); a
/// window is what the counters of both slots grew by, between two scrapes of each. Prometheus' own clock tells when.
///
/// What it cannot know:
///
/// - **Latency is as coarse as the buckets** ([`resolution`](WindowSource::resolution)). A limit inside a bucket is
///   refused, since nobody could say what lay beyond it; one on a bucket's end is exact. A p95 is the middle of the
///   bucket it lies in.
/// - **Nobody who waits.** A candidate that hangs is seen when its requests end, by their timeout.
/// - **The slots are scraped at different moments**, so their counts do not share a window to the request: do not judge
///   the share of requests that arrived (`exact_share`) by this source.
/// - **A series begins with its first value**: what a new instance did before its first scrape is not in any window.
/// - **Requests without a duration**, where the histogram leaves some out, are taken for quick.
#[derive(Debug)]
pub struct PrometheusSource {
    client: Client,
    options: PrometheusOptions,
    clock: Arc<dyn Clock>,
    bps: AtomicU16,
    ends: StdMutex<Vec<Duration>>,
    active: Mutex<Option<Active>>,
}

impl PrometheusSource {
    /// A source that has asked nothing yet.
    ///
    /// # Errors
    ///
    /// [`SourceError::Refused`]: the address is none.
    pub fn new(options: PrometheusOptions) -> Result<Self, SourceError> {
        Ok(Self {
            client: Client::new(&options)?,
            options,
            clock: Arc::new(SystemClock::new()),
            bps: AtomicU16::new(0),
            ends: StdMutex::default(),
            active: Mutex::new(None),
        })
    }

    /// Compares Prometheus' clock with this one.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    async fn begin_now(&self, begun: Begun) -> Result<u64, SourceError> {
        let mut active = self.active.lock().await;
        if let Some(same) = active.as_ref().filter(|active| active.watched.begun == begun) {
            return Ok(same.watched.epoch());
        }
        let opened = match self.look().await {
            Ok(moment) => Some(moment),
            // A candidate that was not scraped yet has no series; the first window begins when it has.
            Err(SourceError::NoData { .. } | SourceError::Stale { .. }) => None,
            Err(other) => return Err(other),
        };
        if let Some(moment) = &opened {
            moment.tells(begun.limit)?;
        }
        let epoch = next_epoch(&*self.clock, active.as_ref().map(|active| &active.watched));
        *active = Some(Active {
            watched: Watched::new(begun, epoch),
            due: Instant::now() + self.options.step,
            bps: self.bps.load(Ordering::Relaxed),
            opened,
            seq: 0,
            owed: BySlot::default(),
        });
        Ok(epoch)
    }

    async fn after_now(&self, seq: Option<u64>, until: Instant) -> Result<Pairs, SourceError> {
        loop {
            let (found, due) = self.read(seq).await?;
            if !found.pairs.is_empty() || until <= Instant::now() {
                return Ok(found);
            }
            sleep_until(due.min(until)).await;
        }
    }

    /// The windows there are, after asking where it is time to; and when it will be time again.
    async fn read(&self, seq: Option<u64>) -> Result<(Pairs, Instant), SourceError> {
        let mut active = self.active.lock().await;
        let active = active.as_mut().ok_or(SourceError::NotBegun)?;
        let found = active.watched.after(seq);
        if !found.pairs.is_empty() || Instant::now() < active.due {
            return Ok((found, active.due));
        }
        active.due = Instant::now() + self.options.step;
        let moment = self.look().await?;
        active.take(moment, self.bps.load(Ordering::Relaxed))?;
        Ok((active.watched.after(seq), active.due))
    }

    /// Everything, as of one moment.
    async fn look(&self) -> Result<Moment, SourceError> {
        let at = self.client.time().await?;
        self.check_clock(at)?;
        let [blue, green] = [Slot::Blue, Slot::Green];
        let slots = BySlot { blue: self.look_at(blue, at).await?, green: self.look_at(green, at).await? };
        let mut ends: Vec<_> =
            slots.iter().flat_map(|(_, counts)| counts.layouts()).flat_map(buckets::Layout::ends).collect();
        ends.sort_unstable();
        ends.dedup();
        *self.ends.lock().unwrap_or_else(PoisonError::into_inner) = ends;
        Ok(Moment { at, slots })
    }

    async fn look_at(&self, slot: Slot, at: f64) -> Result<Counts, SourceError> {
        let SlotQueries { requests, errors, buckets } = &self.options.queries[slot];
        let newest = self.newest(slot, requests, at).await?;
        let ask = async |query: &str| match self.client.vector(query, at).await? {
            none if none.is_empty() => Err(SourceError::NoData { slot, query: query.to_owned() }),
            some => Ok(some),
        };
        Ok(Counts {
            requests: counters(requests, ask(requests).await?)?,
            errors: counters(errors, ask(errors).await?)?,
            buckets: histograms(buckets, ask(buckets).await?)?,
            newest,
        })
    }

    /// When the slot was scraped last, if that is not too long ago.
    async fn newest(&self, slot: Slot, query: &str, at: f64) -> Result<f64, SourceError> {
        let stamps = self.client.vector(&format!("timestamp({query})"), at).await?;
        let newest = stamps.iter().filter_map(|sample| sample.value.1.parse().ok()).fold(f64::NAN, f64::max);
        if newest.is_nan() {
            return Err(SourceError::NoData { slot, query: query.to_owned() });
        }
        let age = seconds(at - newest);
        if age > self.options.max_age { Err(SourceError::Stale { slot, age }) } else { Ok(newest) }
    }

    fn check_clock(&self, at: f64) -> Result<(), SourceError> {
        let ours = Duration::from_millis(self.clock.wall().unix_millis()).as_secs_f64();
        let by = seconds((at - ours).abs());
        if by > self.options.max_skew { Err(SourceError::Skewed { by }) } else { Ok(()) }
    }
}

impl WindowSource for PrometheusSource {
    fn begin<'a>(&'a self, run: &'a RunId, candidate: Slot, limit: Duration) -> Answer<'a, u64> {
        Box::pin(self.begin_now(Begun { run: run.clone(), candidate, limit }))
    }

    fn after(&self, seq: Option<u64>, wait: Duration) -> Answer<'_, Pairs> {
        Box::pin(self.after_now(seq, Instant::now() + wait))
    }

    fn moved(&self, candidate_bps: u16) {
        self.bps.store(candidate_bps, Ordering::Relaxed);
    }

    fn resolution(&self) -> Resolution {
        Resolution::Buckets(self.ends.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}
