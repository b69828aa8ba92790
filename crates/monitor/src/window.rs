use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use handover_core::Clock;

use crate::histogram::{Bounds, Histogram};
use crate::series::Totals;

/// Fine slices: a minute by the second.
const FINE: Tier = Tier { every: Duration::from_secs(1), keep: 61 };
/// Coarse slices: a quarter of an hour by the minute.
const COARSE: Tier = Tier { every: Duration::from_mins(1), keep: 16 };

/// Which stretch of the past to read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Window {
    /// The last so much time, up to 15 minutes; up to a minute it is cut by the second, beyond by the minute.
    Last(Duration),
    /// Since a mark, however long ago.
    Since(Mark),
}

/// A moment to read from: what had been counted by then. It holds its own copy, so it never expires.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark(Arc<Snapshot>);

/// What happened in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Requests that ended with an answer or a failure.
    pub count: u64,
    /// Of them, failures.
    pub errors: u64,
    /// Requests given up by the client; not in `count`, without a say in the quantiles.
    pub cancelled: u64,
    /// The stretch that was really read: the nearest slices at least as long as was asked for, or all there is.
    pub covers: Duration,
    /// How old the newest sample may be: the time since the last tick.
    pub age: Duration,
    latencies: Histogram,
}

/// Reads windows; what a status page or an analysis needs to know of a series.
pub trait WindowView {
    /// What happened in this window.
    fn read(&self, window: &Window) -> Reading;
}

/// The recent past of one series, as readings of its counters.
///
/// The owner calls [`tick`](Self::tick) now and then, at least once a second; writers never notice. A late tick makes
/// a window longer, which `covers` tells, and loses nothing, since a window is a difference of two readings.
pub struct Windows {
    clock: Arc<dyn Clock>,
    latest: Arc<Snapshot>,
    fine: VecDeque<Arc<Snapshot>>,
    coarse: VecDeque<Arc<Snapshot>>,
}

#[derive(Debug, PartialEq)]
struct Snapshot {
    at: Duration,
    totals: Totals,
}

#[derive(Debug, Clone, Copy)]
struct Tier {
    every: Duration,
    keep: usize,
}

impl Windows {
    /// Begins with what the series has counted so far, which no window will contain.
    pub fn new(clock: Arc<dyn Clock>, totals: Totals) -> Self {
        let latest = Arc::new(Snapshot { at: clock.now(), totals });
        let first = || VecDeque::from([latest.clone()]);
        Self { fine: first(), coarse: first(), latest, clock }
    }

    /// Takes a newer reading of the same series.
    pub fn tick(&mut self, totals: Totals) {
        self.latest = Arc::new(Snapshot { at: self.clock.now(), totals });
        FINE.take(&mut self.fine, &self.latest);
        COARSE.take(&mut self.coarse, &self.latest);
    }

    /// The moment of the last tick.
    pub fn mark(&self) -> Mark {
        Mark(self.latest.clone())
    }

    /// The newest reading that is old enough, or the oldest there is.
    fn before(&self, length: Duration) -> &Snapshot {
        let old_enough = |snapshot: &&Arc<Snapshot>| self.latest.at.saturating_sub(snapshot.at) >= length;
        let newest = self.fine.iter().rev().find(old_enough);
        let newest = newest.or_else(|| self.coarse.iter().rev().find(old_enough));
        newest.or_else(|| self.coarse.front()).unwrap_or(&self.latest)
    }

    fn between(&self, earlier: &Snapshot) -> Reading {
        let counted = self.latest.totals.since(&earlier.totals);
        Reading {
            count: counted.count(),
            errors: counted.errors.count(),
            cancelled: counted.cancelled.count(),
            covers: self.latest.at.saturating_sub(earlier.at),
            age: self.clock.now().saturating_sub(self.latest.at),
            latencies: counted.completed(),
        }
    }
}

impl WindowView for Windows {
    fn read(&self, window: &Window) -> Reading {
        match window {
            Window::Last(length) => self.between(self.before(*length)),
            Window::Since(mark) => self.between(&mark.0),
        }
    }
}

impl fmt::Debug for Windows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Windows");
        shown
            .field("at", &self.latest.at)
            .field("fine", &self.fine.len())
            .field("coarse", &self.coarse.len());
        shown.finish_non_exhaustive()
    }
}

impl Reading {
    /// How long requests took, answered and failed ones alike; `None` for an empty window.
    pub fn quantile(&self, q: f64) -> Option<Bounds> {
        self.latencies.quantile(q)
    }

    /// Share of requests that failed; `None` for an empty window.
    pub fn error_rate(&self) -> Option<f64> {
        (self.count > 0).then(|| crate::interval::wide(self.errors) / crate::interval::wide(self.count))
    }

    /// All latencies of the window.
    pub fn latencies(&self) -> &Histogram {
        &self.latencies
    }
}

impl Tier {
    fn take(self, kept: &mut VecDeque<Arc<Snapshot>>, latest: &Arc<Snapshot>) {
        if kept.back().is_some_and(|last| latest.at.saturating_sub(last.at) < self.every) {
            return;
        }
        kept.push_back(latest.clone());
        while kept.len() > self.keep {
            kept.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use handover_core::ManualClock;

    use super::*;
    use crate::series::{LatencySink, Outcome, Series};

    /// A series with one request in each second, ticked every second for `seconds`; every tenth fails.
    fn ran(seconds: u64) -> (Arc<ManualClock>, Series, Windows) {
        let (clock, series) = (Arc::new(ManualClock::new()), Series::new());
        let mut windows = Windows::new(clock.clone(), series.totals());
        for second in 1..=seconds {
            let outcome = if second % 10 == 0 { Outcome::Error } else { Outcome::Ok };
            series.record(Duration::from_millis(second), outcome);
            clock.advance(Duration::from_secs(1));
            windows.tick(series.totals());
        }
        (clock, series, windows)
    }

    const fn last(seconds: u64) -> Window {
        Window::Last(Duration::from_secs(seconds))
    }

    const MINUTE: Window = Window::Last(Duration::from_mins(1));

    #[test]
    fn an_empty_window_has_no_quantile_and_no_rate() {
        let reading = ran(0).2.read(&MINUTE);
        assert_eq!((reading.count, reading.quantile(0.95), reading.error_rate()), (0, None, None));
    }

    #[test]
    fn the_last_minute_holds_the_last_sixty_seconds() {
        let reading = ran(200).2.read(&MINUTE);
        assert_eq!((reading.count, reading.errors, reading.covers), (60, 6, Duration::from_mins(1)));
        let slowest = reading.quantile(1.0).expect("sixty requests").bucket;
        assert!(slowest.0 <= Duration::from_millis(200) && Duration::from_millis(200) < slowest.1);
        let fastest = reading.quantile(0.0).expect("sixty requests").bucket;
        assert!(fastest.0 <= Duration::from_millis(141) && Duration::from_millis(141) < fastest.1);
    }

    #[test]
    fn longer_windows_are_cut_by_the_minute_and_say_so() {
        let (_, _, windows) = ran(2_000);
        let reading = windows.read(&last(300));
        assert_eq!((reading.count, reading.covers.as_secs()), (320, 320));
        let reading = windows.read(&last(900));
        assert_eq!((reading.count, reading.covers.as_secs()), (920, 920));
    }

    #[test]
    fn a_short_past_is_read_whole() {
        let reading = ran(7).2.read(&MINUTE);
        assert_eq!((reading.count, reading.covers.as_secs()), (7, 7));
    }

    #[test]
    fn a_mark_does_not_expire() {
        let (clock, series, mut windows) = ran(3);
        let mark = windows.mark();
        for _ in 0..5_000 {
            series.record(Duration::from_millis(1), Outcome::Ok);
            clock.advance(Duration::from_secs(1));
            windows.tick(series.totals());
        }
        let reading = windows.read(&Window::Since(mark));
        assert_eq!((reading.count, reading.covers.as_secs()), (5_000, 5_000));
    }

    #[test]
    fn the_age_tells_how_late_the_tick_is() {
        let (clock, _, windows) = ran(3);
        clock.advance(Duration::from_millis(700));
        assert_eq!(windows.read(&MINUTE).age, Duration::from_millis(700));
    }

    #[test]
    fn a_late_tick_loses_nothing() {
        let (clock, series, mut windows) = ran(3);
        series.record(Duration::from_millis(1), Outcome::Cancelled);
        series.record(Duration::from_millis(1), Outcome::Ok);
        clock.advance(Duration::from_secs(40));
        windows.tick(series.totals());
        let reading = windows.read(&last(10));
        assert_eq!((reading.count, reading.cancelled, reading.covers.as_secs()), (1, 1, 40));
    }
}
