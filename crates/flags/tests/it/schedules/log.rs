//! What happened in a schedule, in order, for people.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

/// No schedule says more.
const MOST: usize = 2_000;

/// Lines with their moments.
#[derive(Debug)]
pub(super) struct Log {
    lines: Mutex<(Instant, Vec<(Instant, String)>)>,
    lost: Mutex<Option<Instant>>,
}

impl Log {
    pub(super) fn new() -> Self {
        Self { lines: Mutex::new((Instant::now(), Vec::new())), lost: Mutex::default() }
    }

    /// Begins anew.
    pub(super) fn clear(&self) {
        *lock(&self.lines) = (Instant::now(), Vec::new());
    }

    pub(super) fn say(&self, line: impl Into<String>) {
        let lines = &mut lock(&self.lines).1;
        if lines.len() < MOST {
            lines.push((Instant::now(), line.into()));
        }
    }

    /// It is told just now that the store cannot be heard.
    pub(super) fn lost(&self) {
        *lock(&self.lost) = Some(Instant::now());
    }

    /// When that was last told, if it was since a moment.
    pub(super) fn lost_since(&self, moment: Instant) -> Option<Instant> {
        lock(&self.lost).filter(|lost| *lost >= moment)
    }

    /// How long ago the schedule began, at a moment.
    pub(super) fn at(&self, moment: Instant) -> String {
        shown(lock(&self.lines).0, moment)
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (begun, lines) = &*lock(&self.lines);
        lines.iter().try_for_each(|(at, line)| writeln!(f, "  {:>10}  {line}", shown(*begun, *at)))
    }
}

/// Milliseconds since the beginning, or before it.
fn shown(begun: Instant, at: Instant) -> String {
    let (after, before) = (at.saturating_duration_since(begun), begun.saturating_duration_since(at));
    format!("{:.1} ms", (after.as_secs_f64() - before.as_secs_f64()) * 1e3)
}

/// A lock that a panic elsewhere does not spoil.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
