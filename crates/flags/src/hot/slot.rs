use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::{ArcSwapOption, Guard};
use std::sync::Arc;
use tokio::sync::watch;

use super::exposure::Counts;
use super::state::{Reason, State, Verdict};
use crate::FlagName;
use crate::rules::Compiled;

/// What is known of one flag, for as long as the process lives.
pub(crate) struct Slot {
    name: FlagName,
    state: AtomicU64,
    /// How often it was read, where that is counted.
    counts: Counts,
    /// Asked only where the state says so.
    rules: ArcSwapOption<Compiled>,
    /// For who subscribes; made with the first of them.
    told: OnceLock<watch::Sender<bool>>,
}

impl Slot {
    pub(super) fn new(name: FlagName) -> Self {
        Self {
            name,
            state: AtomicU64::new(State::UNKNOWN.bits()),
            counts: Counts::default(),
            rules: ArcSwapOption::empty(),
            told: OnceLock::new(),
        }
    }

    /// For a name that cannot be a flag's: always off.
    pub(crate) fn of_nothing() -> Self {
        Self::new(FlagName::none())
    }

    #[inline]
    pub(crate) const fn name(&self) -> &FlagName {
        &self.name
    }

    #[inline]
    pub(crate) const fn counts(&self) -> &Counts {
        &self.counts
    }

    #[inline]
    pub(crate) fn state(&self) -> State {
        State::from_bits(self.state.load(Ordering::Acquire))
    }

    /// What the rules say, or what the state says if it asks for none any more.
    #[inline]
    pub(crate) fn ask<T>(
        &self,
        rules: impl FnOnce(&Compiled, State) -> T,
        fixed: impl FnOnce(bool, Reason, State) -> T,
    ) -> T {
        loop {
            let state = self.state();
            match state.verdict() {
                Verdict::Fixed(on, why) => return fixed(on, why, state),
                Verdict::Ask => {
                    if let Some(compiled) = &*self.rules.load() {
                        return rules(compiled, state);
                    }
                    // They were taken away between the two loads, and the state before them.
                }
            }
        }
    }

    /// The rules, whether or not the gate is open.
    pub(crate) fn rules(&self) -> Guard<Option<Arc<Compiled>>> {
        self.rules.load()
    }

    /// Takes up what is known now. One caller at a time.
    ///
    /// The order keeps a reader from ever seeing new rules behind a gate that was closed with them, or none behind one
    /// that asks for them.
    pub(crate) fn publish(&self, state: State, rules: Option<Arc<Compiled>>) {
        if state.verdict() == Verdict::Ask {
            self.rules.store(rules);
            self.state.store(state.bits(), Ordering::Release);
        } else {
            self.state.store(state.bits(), Ordering::Release);
            self.rules.store(rules);
        }
    }

    /// Whether anybody has subscribed.
    pub(crate) fn is_followed(&self) -> bool {
        self.told.get().is_some_and(|told| told.receiver_count() > 0)
    }

    /// Tells the subscribers, if it is news to them.
    pub(crate) fn tell(&self, on: bool) {
        if let Some(told) = self.told.get() {
            told.send_if_modified(|known| std::mem::replace(known, on) != on);
        }
    }

    /// Follows the flag, from this value on.
    pub(crate) fn follow(&self, on: bool) -> watch::Receiver<bool> {
        let told = self.told.get_or_init(|| watch::Sender::new(on));
        told.subscribe()
    }
}
