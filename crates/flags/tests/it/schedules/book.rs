//! What the writer knows: for each flag, what was put there one after the other, and when.

use handover_flags::Safe;
use tokio::time::Instant;

/// The flags under test.
pub(crate) const FLAGS: [(&str, Safe); 4] =
    [("kill", Safe::On), ("checkout", Safe::Off), ("scans", Safe::On), ("beta", Safe::Off)];

/// What a write leaves of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It is on.
    On,
    /// It is off.
    Off,
    /// It is a text that makes no sense: off.
    Malformed,
    /// It is no text: the flag has its safe value.
    Unreadable,
    /// It is gone: the flag has its safe value, or the value that it had where the loss looks like an accident.
    Gone,
    /// Everything is gone at once, and nothing was set since: the flag has the value that it had.
    Wiped,
}

/// One change of one flag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Write {
    pub(super) effect: Effect,
    /// A moment before it can have been made.
    pub(super) begun: Instant,
    /// A moment after it has been made; none while that is not known.
    pub(super) confirmed: Option<Instant>,
}

/// All changes of one flag, one after the other.
#[derive(Debug, Clone)]
pub(crate) struct History {
    pub(super) safe: bool,
    pub(super) writes: Vec<Write>,
    /// How many there were before these.
    pub(super) forgotten: usize,
}

/// All changes.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) flags: Vec<History>,
}

impl Effect {
    pub(super) const fn of(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }

    /// The value that a flag has; none where that depends on what it was.
    pub(super) const fn value(self, safe: bool) -> Option<bool> {
        match self {
            Self::On => Some(true),
            Self::Off | Self::Malformed => Some(false),
            Self::Unreadable => Some(safe),
            Self::Gone | Self::Wiped => None,
        }
    }

    pub(super) const fn is_gone(self) -> bool {
        matches!(self, Self::Gone | Self::Wiped)
    }
}

impl History {
    /// Of a flag that is not there.
    pub(crate) fn new(safe: bool, now: Instant) -> Self {
        Self {
            safe,
            writes: vec![Write { effect: Effect::Gone, begun: now, confirmed: Some(now) }],
            forgotten: 0,
        }
    }

    /// What stands there, as far as the writer knows.
    pub(super) fn last(&self) -> Effect {
        self.writes.last().map_or(Effect::Gone, |write| write.effect)
    }

    pub(crate) fn begin(&mut self, effect: Effect, begun: Instant) {
        self.writes.push(Write { effect, begun, confirmed: None });
    }

    pub(crate) fn confirm(&mut self, confirmed: Instant) {
        if let Some(write) = self.writes.last_mut() {
            write.confirmed = Some(confirmed);
        }
    }

    /// The last one was not made after all.
    pub(super) fn take_back(&mut self) {
        self.writes.pop();
    }

    /// Forgets what was no longer so at this moment.
    fn forget(&mut self, before: Instant) {
        let over = |pair: &[Write]| pair[1].confirmed.is_some_and(|end| end < before);
        let first = self.writes.windows(2).take_while(|pair| over(pair)).count();
        self.writes.drain(..first);
        self.forgotten += first;
    }
}

impl Book {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self { flags: FLAGS.iter().map(|(_, safe)| History::new(safe.is_on(), now)).collect() }
    }

    /// From this moment on these flags may be so.
    pub(super) fn begin(&mut self, changes: &[(usize, Effect)], begun: Instant) {
        if changes.iter().any(|(_, effect)| !effect.is_gone()) {
            self.soften();
        }
        for (flag, effect) in changes {
            self.flags[*flag].begin(*effect, begun);
        }
    }

    /// A store in which something stands again may mean that the rest is gone.
    fn soften(&mut self) {
        let last = self.flags.iter_mut().filter_map(|history| history.writes.last_mut());
        last.filter(|write| write.effect == Effect::Wiped).for_each(|write| write.effect = Effect::Gone);
    }

    /// From this moment on they are.
    pub(super) fn confirm(&mut self, changes: &[(usize, Effect)], confirmed: Instant) {
        for (flag, _) in changes {
            self.flags[*flag].confirm(confirmed);
        }
    }

    pub(super) fn effects(&self) -> Vec<Effect> {
        self.flags.iter().map(History::last).collect()
    }

    pub(super) fn forget(&mut self, before: Instant) {
        self.flags.iter_mut().for_each(|history| history.forget(before));
    }
}
