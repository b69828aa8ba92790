use std::fmt;
use std::sync::{Arc, LazyLock};

use super::Flags;
use super::evaluation::Evaluation;
use crate::FlagName;
use crate::hot::Slot;
use crate::rules::Context;

/// Nobody in particular.
pub(super) static NOBODY: LazyLock<Context<'static>> = LazyLock::new(Context::new);

/// One flag, found once and read for about a nanosecond. Clones are cheap.
///
/// It keeps the flags behind it alive and up to date.
#[derive(Clone)]
pub struct FlagHandle {
    slot: Arc<Slot>,
    /// Whether reads are counted: here, so that a read need not look for it.
    counts: bool,
    flags: Flags,
}

impl FlagHandle {
    pub(super) fn new(slot: Arc<Slot>, flags: Flags) -> Self {
        Self { slot, counts: flags.shared.counts, flags }
    }

    /// Which flag.
    pub fn name(&self) -> &FlagName {
        self.slot.name()
    }

    /// Whether the flag is on, for nobody in particular: rules that ask who the caller is do not admit, and a share that
    /// goes by an id goes by chance.
    ///
    /// Never waits, never fails, allocates nothing.
    #[inline]
    pub fn get(&self) -> bool {
        let on = match self.slot.state().value() {
            Some(on) => on,
            None => self.ask(),
        };
        #[cfg(feature = "testing")]
        self.flags.shared.record(self.slot.name().as_str(), &NOBODY, on, None);
        if self.counts {
            self.slot.counts().count(on);
        }
        on
    }

    /// Apart, so that what is mostly asked stays short.
    #[cold]
    fn ask(&self) -> bool {
        self.flags.shared.ask(&self.slot, &NOBODY)
    }

    /// Whether the flag is on for this caller.
    #[inline]
    pub fn is_on_for(&self, context: &Context<'_>) -> bool {
        self.flags.shared.is_on(&self.slot, context)
    }

    /// Whether the flag is on for a caller who is looked at only where rules ask for one.
    #[cfg(feature = "tower")]
    #[inline]
    pub(crate) fn is_on_with<'c>(&self, context: impl FnOnce() -> Context<'c>) -> bool {
        match self.fixed() {
            Some(on) => {
                self.flags.shared.note(&self.slot, &NOBODY, on, None);
                on
            }
            None => self.is_on_for(&context()),
        }
    }

    /// The value, where it is everybody's. Not counted.
    #[cfg(feature = "tower")]
    #[inline]
    pub(crate) fn fixed(&self) -> Option<bool> {
        self.slot.state().value()
    }

    /// What the flag is for this caller, and why.
    pub fn evaluate(&self, context: &Context<'_>) -> Evaluation {
        self.flags.shared.evaluate(&self.slot, context)
    }
}

impl fmt::Debug for FlagHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlagHandle").field("name", self.slot.name()).finish_non_exhaustive()
    }
}
