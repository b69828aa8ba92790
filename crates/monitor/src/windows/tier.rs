//! The past, cut into slices.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::windows::base::Base;
use crate::windows::packed::Packed;

/// Everything that had been counted by a moment of the windows' own time.
#[derive(Debug, PartialEq)]
pub(super) struct Snapshot {
    pub(super) at: Duration,
    pub(super) counts: Packed,
}

/// What came between two ticks.
#[derive(Debug)]
struct Slice {
    nanos: u64,
    counts: Packed,
}

/// Slices of one length, and windows that end now and are kept summed up.
#[derive(Debug)]
pub(super) struct Tier {
    /// A slice is closed by the first tick that comes so long after the last slice.
    every: Duration,
    /// Up to where slices are closed.
    edge: Arc<Snapshot>,
    slices: VecDeque<Slice>,
    /// What is older than this is let go.
    longest: Kept,
    /// A shorter one.
    shorter: Option<Kept>,
}

/// A window that moves along.
#[derive(Debug)]
struct Kept {
    length: Duration,
    start: Duration,
    /// How many slices are older.
    passed: usize,
    before: Before,
}

/// What had been counted when a window began: ready to be taken away, or in a tenth of the room.
#[derive(Debug, Clone)]
enum Before {
    Spread(Base),
    Packed(Packed),
}

/// Where a window begins.
#[derive(Debug)]
pub(super) struct Start<'a> {
    pub(super) at: Duration,
    pub(super) base: Cow<'a, Base>,
}

impl Slice {
    fn between(start: &Snapshot, end: &Snapshot) -> Self {
        let nanos = u64::try_from(end.at.saturating_sub(start.at).as_nanos()).unwrap_or(u64::MAX);
        Self { nanos, counts: end.counts.since(&start.counts) }
    }

    const fn lasted(&self) -> Duration {
        Duration::from_nanos(self.nanos)
    }
}

impl Before {
    fn add(&mut self, slice: &Packed) {
        match self {
            Self::Spread(base) => base.add(slice),
            Self::Packed(packed) => *packed = packed.with(slice),
        }
    }

    fn base(&self) -> Cow<'_, Base> {
        match self {
            Self::Spread(base) => Cow::Borrowed(base),
            Self::Packed(packed) => Cow::Owned(Base::of(packed)),
        }
    }
}

impl Start<'_> {
    pub(super) fn at(mark: &Snapshot) -> Self {
        Self { at: mark.at, base: Cow::Owned(Base::of(&mark.counts)) }
    }
}

impl Tier {
    /// Slices of a second or so for one window that is read all the time.
    pub(super) fn fine(every: Duration, length: Duration, slices: usize, first: &Arc<Snapshot>) -> Self {
        let before = Before::Spread(Base::of(&first.counts));
        let longest = Kept { length, start: first.at, passed: 0, before };
        let slices = VecDeque::with_capacity(slices);
        Self { every, edge: first.clone(), slices, longest, shorter: None }
    }

    /// Longer slices, for two windows.
    pub(super) fn coarse(
        every: Duration,
        [long, short]: [Duration; 2],
        slices: usize,
        first: &Arc<Snapshot>,
    ) -> Self {
        let kept = |length| {
            let before = Before::Packed(first.counts.clone());
            Kept { length, start: first.at, passed: 0, before }
        };
        let slices = VecDeque::with_capacity(slices);
        Self { every, edge: first.clone(), slices, longest: kept(long), shorter: Some(kept(short)) }
    }

    /// Takes a newer reading: closes a slice where it is time, and moves the kept windows along.
    pub(super) fn take(&mut self, latest: &Arc<Snapshot>) {
        if latest.at.saturating_sub(self.edge.at) >= self.every {
            self.slices.push_back(Slice::between(&self.edge, latest));
            self.edge = latest.clone();
        }
        for kept in self.shorter.iter_mut().chain([&mut self.longest]) {
            kept.move_to(latest.at, &self.slices);
        }
        self.let_go();
    }

    /// The newest start that is at least `length` before `now`; `None` where that is before all slices.
    pub(super) fn start(&self, now: Duration, length: Duration) -> Option<Start<'_>> {
        let old_enough = |kept: &&Kept| now.saturating_sub(kept.start) >= length;
        let kept = self.shorter.iter().chain([&self.longest]).find(old_enough)?;
        let later = kept.later(now, length, &self.slices);
        if later == 0 {
            return Some(kept.start());
        }
        let (mut at, mut base) = (kept.start, kept.before.base().into_owned());
        for slice in self.slices.iter().skip(kept.passed).take(later) {
            at += slice.lasted();
            base.add(&slice.counts);
        }
        Some(Start { at, base: Cow::Owned(base) })
    }

    /// The oldest start there is.
    pub(super) fn oldest(&self) -> Start<'_> {
        self.longest.start()
    }

    /// How long it is, at most, since the `count`th last request: slices back until there are so many.
    pub(super) fn stretch(&self, latest: &Snapshot, count: u64) -> Option<Duration> {
        let open = latest.counts.since(&self.edge.counts);
        let (mut seen, mut stretch) = (open.recorded(), latest.at.saturating_sub(self.edge.at));
        for slice in self.slices.iter().rev() {
            if seen >= count {
                return Some(stretch);
            }
            seen += slice.counts.recorded();
            stretch += slice.lasted();
        }
        (seen >= count).then_some(stretch)
    }

    /// Slices that no window begins in any more.
    fn let_go(&mut self) {
        let gone = std::mem::take(&mut self.longest.passed);
        self.slices.drain(..gone);
        self.shorter.iter_mut().for_each(|kept| kept.passed = kept.passed.saturating_sub(gone));
    }
}

impl Kept {
    fn start(&self) -> Start<'_> {
        Start { at: self.start, base: self.before.base() }
    }

    fn move_to(&mut self, now: Duration, slices: &VecDeque<Slice>) {
        let later = self.later(now, self.length, slices);
        for slice in slices.iter().skip(self.passed).take(later) {
            self.start += slice.lasted();
            self.before.add(&slice.counts);
        }
        self.passed += later;
    }

    /// By how many slices the start can be later and still be `length` before `now`.
    fn later(&self, now: Duration, length: Duration, slices: &VecDeque<Slice>) -> usize {
        let mut left = now.saturating_sub(self.start).saturating_sub(length);
        let goes = |slice: &&Slice| {
            let fits = slice.lasted() <= left;
            left = left.saturating_sub(slice.lasted());
            fits
        };
        slices.iter().skip(self.passed).take_while(goes).count()
    }
}
