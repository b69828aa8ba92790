//! Whether what was read can have been so.

use std::time::Duration;

use tokio::time::Instant;

use super::book::{Effect, History};

/// Reading a clock takes its time.
const SLACK: Duration = Duration::from_millis(1);

/// What somebody read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read {
    pub(crate) value: bool,
    /// The moment that its age names; none where nothing was ever known.
    pub(crate) as_of: Option<Instant>,
    /// A moment after it was read.
    pub(crate) at: Instant,
}

impl History {
    /// The earliest moment, not before `from`, at which what was read can have been so; none where there is none.
    ///
    /// A reader for whom each read is placed from where the last one was placed does not go back: of all ways to place
    /// its reads in order, that with the earliest moments exists if any does.
    pub(crate) fn place(&self, from: Instant, read: &Read) -> Option<Instant> {
        let Some(as_of) = read.as_of else { return (read.value == self.safe).then_some(from) };
        let since = from.max(as_of.checked_sub(SLACK).unwrap_or(as_of));
        let possible = (0..self.writes.len()).filter(|at| self.writes[*at].begun <= read.at);
        possible
            .filter(|at| self.lasts(*at, since))
            .filter_map(|at| self.fits(at, from, since, read.value))
            .min()
    }

    /// Whether a write may still be in effect at a moment: until the next one is confirmed.
    fn lasts(&self, at: usize, moment: Instant) -> bool {
        self.writes.get(at + 1).and_then(|next| next.confirmed).is_none_or(|end| end >= moment)
    }

    fn fits(&self, at: usize, from: Instant, since: Instant, value: bool) -> Option<Instant> {
        let write = &self.writes[at];
        let now = since.max(write.begun);
        let may_be = |effect: Effect| effect.value(self.safe).unwrap_or(self.safe) == value;
        if !write.effect.is_gone() {
            return may_be(write.effect).then_some(now);
        }
        let safe = (write.effect == Effect::Gone && value == self.safe).then_some(now);
        // What is held is what the reader can have known before.
        let former = (0..at).filter(|at| self.lasts(*at, from) && may_be(self.writes[*at].effect));
        let held = former.map(|at| from.max(self.writes[at].begun));
        safe.into_iter().chain(held).min()
    }
}
