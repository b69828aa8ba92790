//! The open window, and what closes it.

use std::time::Duration;

use handover_core::{BySlot, Slot};
use tokio::time::Instant;

use super::counts::{Counts, Happened};
use crate::code::LatencyCode;
use crate::pair::{ArmWindow, WindowPair};
use crate::source::SourceError;
use crate::source::watched::Watched;

/// Failures may be counted a moment before their requests are; so many more are no contradiction.
const TORN: u64 = 10;

/// The watch of a run.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) watched: Watched,
    /// When to ask next.
    pub(super) due: Instant,
    /// The share in force when the open window began.
    pub(super) bps: u16,
    pub(super) opened: Option<Moment>,
    pub(super) seq: u64,
    /// Failures that were counted before their requests.
    pub(super) owed: BySlot<u64>,
}

/// What was known at one moment of Prometheus' clock.
#[derive(Debug)]
pub(super) struct Moment {
    pub(super) at: f64,
    pub(super) slots: BySlot<Counts>,
}

impl Active {
    /// Closes the window, if both slots were scraped since it began.
    pub(super) fn take(&mut self, now: Moment, bps: u16) -> Result<(), SourceError> {
        now.tells(self.watched.begun.limit)?;
        let Some(then) = &self.opened else {
            self.opened = Some(now);
            return Ok(());
        };
        if now.at < then.at {
            let by = seconds(then.at - now.at);
            self.opened = Some(now);
            return Err(SourceError::WentBack { by });
        }
        if Slot::BOTH.iter().any(|slot| now.slots[*slot].newest <= then.slots[*slot].newest) {
            return Ok(());
        }
        let happened = now.since(then);
        let lasted = seconds(now.at - then.at);
        // Also where the counts cannot be true: what comes after may be.
        self.opened = Some(now);
        let pair = self.pair(happened?, lasted)?;
        self.watched.push(pair);
        self.bps = bps;
        Ok(())
    }

    fn pair(&mut self, happened: BySlot<Happened>, lasted: Duration) -> Result<WindowPair, SourceError> {
        let BySlot { blue, green } = happened;
        let blue = self.arm(Slot::Blue, blue)?;
        let green = self.arm(Slot::Green, green)?;
        let (candidate, stable) = match self.watched.begun.candidate {
            Slot::Blue => (blue, green),
            Slot::Green => (green, blue),
        };
        self.seq += 1;
        Ok(WindowPair {
            seq: self.seq,
            epoch: self.watched.epoch(),
            candidate_bps: self.bps,
            lasted_ms: u64::try_from(lasted.as_millis()).unwrap_or(u64::MAX),
            candidate,
            stable,
        })
    }

    fn arm(&mut self, slot: Slot, happened: Happened) -> Result<ArmWindow, SourceError> {
        let Happened { requests, errors, durations: mut hist } = happened;
        let n = requests.max(hist.count());
        hist.add_many(LatencyCode::of(Duration::ZERO), n - hist.count());
        let failed = errors.saturating_add(self.owed[slot]);
        let errors = failed.min(n);
        self.owed[slot] = failed - errors;
        if self.owed[slot] > TORN {
            self.owed[slot] = 0;
            let because = format!("{failed} of {n} requests failed");
            return Err(SourceError::Impossible { slot, because });
        }
        let over = hist.count_over(self.watched.begun.limit);
        Ok(ArmWindow { n, errors, over, in_flight_over: 0, hist })
    }
}

impl Moment {
    fn since(&self, then: &Self) -> Result<BySlot<Happened>, SourceError> {
        let of = |slot: Slot| self.slots[slot].since(&then.slots[slot], slot);
        Ok(BySlot { blue: of(Slot::Blue)?, green: of(Slot::Green)? })
    }

    pub(super) fn tells(&self, limit: Duration) -> Result<(), SourceError> {
        let mut layouts = self.slots.iter().flat_map(|(_, counts)| counts.layouts());
        layouts.try_for_each(|layout| layout.tells(limit))
    }
}

/// A stretch of time; none where it would be negative or is no number.
pub(super) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO)
}
