//! The recent past of a series.
//!
//! Writers only ever count up, so a window is what had been counted at its end less what had been counted at its
//! start. The past is kept as slices between ticks, a byte or so for each latency code that occurred, and for each
//! window that is asked for again and again what had been counted when it began: a reading takes that away and adds
//! up nothing.

mod base;
#[cfg(all(loom, test))]
mod models;
mod packed;
mod past;
mod published;
mod reading;
mod tier;
mod window;

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use handover_core::Clock;

use crate::series::Series;
use crate::sync::{Mutex, lock};

use past::{End, MINUTE, Past};
use published::Published;
use tier::Start;

pub use published::Latest;
pub use reading::Reading;
pub use window::{Mark, NotKept, Window, WindowView};

/// Tells the marks of one from those of another.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The recent past of one series: any part of the last quarter of an hour, since a mark, and the last N requests where
/// the series keeps them.
///
/// Somebody calls [`tick`](Self::tick) now and then, at least once a second; writers never notice. A late tick makes a
/// slice longer, which `covers` tells, and loses nothing. So does a clock that jumps forward; for one that goes back
/// no time passes until its next step. All methods may be called from any thread: ticks and readings take a lock that
/// writers never take, and [`latest`](Self::latest) takes none.
///
/// The windows of a minute, of five and of fifteen are kept summed up; another length costs the adding up of slices.
pub struct Windows {
    id: u64,
    series: Arc<Series>,
    clock: Arc<dyn Clock>,
    published: Published,
    past: Mutex<Past>,
}

impl Windows {
    /// Begins now: what the series has counted so far will be in no window.
    pub fn new(clock: Arc<dyn Clock>, series: Arc<Series>) -> Self {
        let now = clock.now();
        let past = Mutex::new(Past::new(now, &series));
        let published = Published::new(&Latest { at: now, ..Latest::default() });
        Self { id: NEXT.fetch_add(1, Ordering::Relaxed), series, clock, published, past }
    }

    /// The series whose past this is.
    pub const fn series(&self) -> &Arc<Series> {
        &self.series
    }

    /// Takes a new reading of the series, and publishes the last minute's figures.
    pub fn tick(&self) {
        let mut past = lock(&self.past);
        // Read under the lock: two ticks at once would otherwise take the later reading for a step back.
        let now = self.clock.now();
        past.tick(now, &self.series);
        let minute = past.reading(now, End::Tick, |past, until| past.start(until, MINUTE));
        self.published.publish(&Latest::of(&minute, now));
    }

    /// Forgets the past: what has been counted so far will be in no window. Marks set before stay valid.
    pub fn begin_anew(&self) {
        let mut past = lock(&self.past);
        let now = self.clock.now();
        past.begin_anew(now, &self.series);
        self.published.publish(&Latest { at: now, ..Latest::default() });
    }

    /// The last minute as of the last tick, in a few loads: no lock, no allocation, no clock.
    #[inline]
    pub fn latest(&self) -> Latest {
        self.published.latest()
    }

    /// This moment, to read from later. It holds its own copy of what was counted, so it never expires.
    pub fn mark(&self) -> Mark {
        let now = self.clock.now();
        Mark::new(self.id, lock(&self.past).now(now, &self.series))
    }

    fn reading(&self, window: &Window, end: End<'_>) -> Result<Reading, NotKept> {
        let now = self.clock.now();
        match window {
            Window::Last(length) => {
                Ok(lock(&self.past).reading(now, end, |past, until| past.start(until, *length)))
            }
            Window::Since(mark) => {
                let mark = mark.of(self.id).ok_or(NotKept::Mark)?;
                Ok(lock(&self.past).reading(now, end, |_, _| Start::at(mark)))
            }
            Window::LastN(count) => self.last(now, *count),
        }
    }

    fn last(&self, now: Duration, count: NonZeroU32) -> Result<Reading, NotKept> {
        let kept = self.series.keeps_last();
        let last = self.series.last(count).ok_or(NotKept::Requests { asked: count, kept })?;
        let covers = lock(&self.past).stretch(now, last.count());
        Ok(Reading::of_last(last, covers))
    }
}

impl WindowView for Windows {
    fn read(&self, window: &Window) -> Result<Reading, NotKept> {
        self.reading(window, End::Tick)
    }

    fn now(&self, window: &Window) -> Result<Reading, NotKept> {
        self.reading(window, End::Now(&self.series))
    }
}

impl fmt::Debug for Windows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Windows");
        shown.field("series", &self.series).field("latest", &self.latest()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
