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

/// The earliest at which something that was read can have been so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// By which write, counted from the first of all.
    pub(crate) write: usize,
    /// At which moment.
    pub(crate) moment: Instant,
}

impl History {
    /// The earliest place, not before `from`, at which what was read can have been so; none where there is none.
    ///
    /// A reader for whom each read is placed from where the last one was placed does not go back: of all ways to place
    /// its reads in order, that with the earliest places exists if any does.
    pub(crate) fn place(&self, from: Place, read: &Read) -> Option<Place> {
        let Some(as_of) = read.as_of else { return (read.value == self.safe).then_some(from) };
        let since = from.moment.max(as_of.checked_sub(SLACK).unwrap_or(as_of));
        let possible = self.not_before(from).filter(|at| self.writes[*at].begun <= read.at);
        let in_effect = possible.filter(|at| self.lasts(*at, since));
        in_effect.filter_map(|at| self.fits(at, from, since, read.value)).min()
    }

    /// The writes from a place on.
    fn not_before(&self, from: Place) -> std::ops::Range<usize> {
        from.write.saturating_sub(self.forgotten)..self.writes.len()
    }

    /// Whether a write may still be in effect at a moment: until the next one is confirmed.
    fn lasts(&self, at: usize, moment: Instant) -> bool {
        self.writes.get(at + 1).and_then(|next| next.confirmed).is_none_or(|end| end >= moment)
    }

    fn fits(&self, at: usize, from: Place, since: Instant, value: bool) -> Option<Place> {
        let effect = self.writes[at].effect;
        let may_be = |effect: Effect| effect.value(self.safe).unwrap_or(self.safe) == value;
        let now = (effect != Effect::Wiped && may_be(effect)).then(|| self.at(at, since));
        if !effect.is_gone() {
            return now;
        }
        // What is held is what the reader can have known before.
        let former = self.not_before(from).take_while(|former| *former < at);
        let mut former = former.filter(|at| self.lasts(*at, from.moment) && may_be(self.writes[*at].effect));
        former.next().map(|at| self.at(at, from.moment)).into_iter().chain(now).min()
    }

    fn at(&self, at: usize, moment: Instant) -> Place {
        Place { write: self.forgotten + at, moment: moment.max(self.writes[at].begun) }
    }
}
