use std::sync::Arc;
use std::time::Duration;

use crate::histogram::Histogram;
use crate::series::{PARTS, Series, Sums};
use crate::windows::packed::Packer;
use crate::windows::reading::Reading;
use crate::windows::tier::{Snapshot, Start, Tier};

pub(super) const MINUTE: Duration = Duration::from_mins(1);
const FIVE: Duration = Duration::from_mins(5);
const QUARTER: Duration = Duration::from_mins(15);

/// A minute by the second. A tick that comes a little early closes the second too, else every other slice would be
/// two seconds long; so there may be a few slices more than sixty.
const FINE: Duration = Duration::from_millis(950);
const FINE_SLICES: usize = 65;
/// A quarter of an hour by the minute.
const COARSE: Duration = Duration::from_millis(59_500);
const COARSE_SLICES: usize = 17;

/// Slices, and readings of them.
#[derive(Debug)]
pub(super) struct Past {
    time: Time,
    latest: Arc<Snapshot>,
    fine: Tier,
    coarse: Tier,
}

/// What a reading reaches up to.
#[derive(Debug, Clone, Copy)]
pub(super) enum End<'a> {
    /// The last tick.
    Tick,
    /// This moment.
    Now(&'a Series),
}

/// Time that never goes back: the clock's forward steps, added up.
#[derive(Debug, Clone, Copy)]
struct Time {
    at: Duration,
    clock: Duration,
}

impl Past {
    /// Begins at `now`, a reading of the clock, as in what follows.
    pub(super) fn new(now: Duration, series: &Series) -> Self {
        Self::begun(Time { at: Duration::ZERO, clock: now }, series)
    }

    pub(super) fn begin_anew(&mut self, now: Duration, series: &Series) {
        *self = Self::begun(self.time.moved_to(now), series);
    }

    fn begun(time: Time, series: &Series) -> Self {
        let first = Arc::new(snapshot(time.at, series));
        let fine = Tier::fine(FINE, MINUTE, FINE_SLICES, &first);
        let coarse = Tier::coarse(COARSE, [QUARTER, FIVE], COARSE_SLICES, &first);
        Self { time, fine, coarse, latest: first }
    }

    pub(super) fn tick(&mut self, now: Duration, series: &Series) {
        self.time = self.time.moved_to(now);
        self.latest = Arc::new(snapshot(self.time.at, series));
        self.fine.take(&self.latest);
        self.coarse.take(&self.latest);
    }

    /// Everything counted by this moment.
    pub(super) fn now(&self, now: Duration, series: &Series) -> Snapshot {
        snapshot(self.time.moved_to(now).at, series)
    }

    /// The newest start that is old enough, or the oldest there is.
    pub(super) fn start(&self, until: Duration, length: Duration) -> Start<'_> {
        let fine = self.fine.start(until, length);
        fine.or_else(|| self.coarse.start(until, length)).unwrap_or_else(|| self.coarse.oldest())
    }

    pub(super) fn reading<'p>(
        &'p self,
        now: Duration,
        end: End<'_>,
        start: impl FnOnce(&'p Self, Duration) -> Start<'p>,
    ) -> Reading {
        let now = self.time.moved_to(now).at;
        let until = match end {
            End::Tick => self.latest.at,
            End::Now(_) => now,
        };
        let start = start(self, until);
        let (mut latencies, mut count) = (Histogram::roomy(), 0);
        let ended = self.octaves(end, |octave, counts| {
            start.base.take_from(octave, counts);
            count += latencies.append(octave, counts);
        });
        let sums = ended.since(start.base.sums());
        Reading {
            count,
            errors: sums.errors,
            cancelled: sums.cancelled,
            covers: until.saturating_sub(start.at),
            age: now.saturating_sub(until),
            latencies,
            exact: None,
        }
    }

    /// How long ago the `count`th last request was, at most; all there is where that is too long ago.
    pub(super) fn stretch(&self, now: Duration, count: u64) -> Duration {
        let since_tick = self.time.moved_to(now).at.saturating_sub(self.latest.at);
        let stretch =
            [&self.fine, &self.coarse].into_iter().find_map(|tier| tier.stretch(&self.latest, count));
        since_tick + stretch.unwrap_or_else(|| self.latest.at.saturating_sub(self.coarse.oldest().at))
    }

    #[inline]
    fn octaves(&self, end: End<'_>, each: impl FnMut(usize, &mut [u64; PARTS])) -> Sums {
        match end {
            End::Tick => self.latest.counts.octaves(each),
            End::Now(series) => series.completed(each),
        }
    }
}

impl Time {
    fn moved_to(self, clock: Duration) -> Self {
        Self { at: self.at.saturating_add(clock.saturating_sub(self.clock)), clock }
    }
}

fn snapshot(at: Duration, series: &Series) -> Snapshot {
    let mut packer = Packer::default();
    let sums = series.completed(|octave, counts| packer.push_octave(octave, counts));
    Snapshot { at, counts: packer.finish(sums) }
}
