use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;
use tokio::time::Instant;

use super::evaluation::Evaluation;
use super::event::FlagEvent;
use super::fresh::{Fresh, Mark};
use super::status::Status;
use crate::hot::{Exposure, Reason, Slot, State, Table, Verdict};
use crate::name::shown;
use crate::rules::{Compiled, Context, Other, Others, Why};

/// How many events wait for a slow listener, who then misses the oldest.
const EVENTS: usize = 1024;

/// How many names that nobody knows are remembered.
const UNKNOWN: usize = 100;

/// What readers and the tasks behind them have in common.
pub(crate) struct Shared {
    pub(super) table: Table,
    /// Whether reads are counted.
    pub(super) counts: bool,
    pub(super) fresh: Fresh,
    pub(super) status: Mutex<Status>,
    pub(super) events: broadcast::Sender<FlagEvent>,
    unknown: Mutex<BTreeSet<String>>,
    #[cfg(feature = "testing")]
    pub(super) recorder: std::sync::OnceLock<super::fake::Recorder>,
}

impl Shared {
    pub(super) fn new(status: Status, counts: bool) -> Self {
        Self {
            table: Table::new(),
            counts,
            fresh: Fresh::new(Instant::now()),
            status: Mutex::new(status),
            events: broadcast::Sender::new(EVENTS),
            unknown: Mutex::default(),
            #[cfg(feature = "testing")]
            recorder: std::sync::OnceLock::new(),
        }
    }

    #[inline]
    pub(crate) fn is_on(&self, slot: &Slot, context: &Context<'_>) -> bool {
        let on = match slot.state().value() {
            Some(on) => on,
            None => self.ask(slot, context),
        };
        self.note(slot, context, on, None);
        on
    }

    /// Takes note of a read.
    #[inline]
    #[cfg_attr(not(feature = "testing"), expect(unused_variables, reason = "only tests remember them"))]
    pub(super) fn note(
        &self,
        slot: &Slot,
        context: &Context<'_>,
        on: bool,
        variant: Option<&Arc<crate::rules::Variant>>,
    ) {
        #[cfg(feature = "testing")]
        self.record(slot.name().as_str(), context, on, variant);
        if self.counts {
            slot.counts().count(on);
        }
    }

    /// What rules say, without a count.
    pub(crate) fn ask(&self, slot: &Slot, context: &Context<'_>) -> bool {
        slot.ask(|rules, _| rules.decide(context, self).on, |on, _, _| on)
    }

    #[inline]
    pub(super) fn evaluate(&self, slot: &Slot, context: &Context<'_>) -> Evaluation {
        self.evaluate_as_of(slot, context, self.fresh.mark())
    }

    /// The age was taken before the value is: a value that is newer than its age says does no harm.
    #[inline]
    fn evaluate_as_of(&self, slot: &Slot, context: &Context<'_>, mark: Mark) -> Evaluation {
        let state = slot.state();
        // Noted before it is made, so that it is made where it is wanted and never moved.
        match state.verdict() {
            Verdict::Fixed(on, why) => {
                self.note(slot, context, on, None);
                self.evaluation(on, None, why, state, mark)
            }
            Verdict::Ask => self.evaluate_rules(slot, context, mark),
        }
    }

    fn evaluate_rules(&self, slot: &Slot, context: &Context<'_>, mark: Mark) -> Evaluation {
        let decide = |rules: &Compiled, state| {
            let decision = rules.decide(context, self);
            self.note(slot, context, decision.on, decision.variant);
            self.evaluation(decision.on, decision.variant.cloned(), reason(decision.why), state, mark)
        };
        let fixed = |on, why, state| {
            self.note(slot, context, on, None);
            self.evaluation(on, None, why, state, mark)
        };
        slot.ask(decide, fixed)
    }

    #[inline]
    fn evaluation(
        &self,
        value: bool,
        variant: Option<Arc<crate::rules::Variant>>,
        reason: Reason,
        state: State,
        mark: Mark,
    ) -> Evaluation {
        let as_of = self.fresh.moment(mark);
        Evaluation { value, variant, reason, source: state.source(), revision: state.revision(), as_of }
    }

    /// What a flag is by its name. A name that nobody knows is off, and remembered: it is most often a typing error.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a caller who wants the value alone pays for no more")]
    pub(super) fn evaluate_named(&self, name: &str, context: &Context<'_>) -> Evaluation {
        let mark = self.fresh.mark();
        let Some(slot) = self.table.get(name) else {
            self.unknown(name);
            return self.evaluation(false, None, Reason::Unknown, State::UNKNOWN, mark);
        };
        self.evaluate_as_of(slot, context, mark)
    }

    #[cold]
    pub(super) fn unknown(&self, name: &str) {
        self.remember(name);
        #[cfg(feature = "testing")]
        self.record(name, &Context::new(), false, None);
    }

    #[cold]
    pub(super) fn remember(&self, name: &str) {
        // A reader never waits: while another one writes, this one says nothing.
        let name = &shown(name);
        if let Ok(mut unknown) = self.unknown.try_lock()
            && unknown.len() < UNKNOWN
            && !unknown.contains(name)
        {
            unknown.insert(name.clone());
        }
    }

    /// Whether the store was ever known to have something under this name.
    pub(super) fn is_in_store(slot: &Slot) -> bool {
        !matches!(slot.state().verdict(), Verdict::Fixed(_, Reason::Unknown | Reason::Unset))
    }

    /// Whether the flag was never read, where reads are counted.
    pub(super) fn is_unread(&self, slot: &Slot) -> bool {
        self.counts && slot.counts().sum() == [0, 0]
    }

    pub(super) fn exposures(&self) -> Vec<Exposure> {
        let slots = if self.counts { self.table.all() } else { Vec::new() };
        let counted = slots.iter().map(|slot| (slot, slot.counts().sum()));
        counted.map(|(slot, [off, on])| Exposure { flag: slot.name().clone(), on, off }).collect()
    }

    pub(super) fn unknown_names(&self) -> Vec<String> {
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(super) fn with_status<T>(&self, work: impl FnOnce(&mut Status) -> T) -> T {
        work(&mut self.status.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells whoever listens; nobody need.
    pub(super) fn tell(&self, event: FlagEvent) {
        let _ = self.events.send(event);
    }
}

fn reason(why: Why<'_>) -> Reason {
    match why {
        Why::Everybody => Reason::Everybody,
        Why::Rule { index, .. } => Reason::Rule(u16::try_from(index).unwrap_or(u16::MAX)),
        Why::NoRule => Reason::NoRule,
        Why::Requires(_) => Reason::Prerequisite,
    }
}

impl Others for Shared {
    fn ask(&self, flag: &str, question: &mut dyn FnMut(Option<Other<'_>>) -> bool) -> bool {
        let Some(slot) = self.table.get(flag) else { return question(None) };
        let rules = slot.rules();
        let gate = match slot.state().verdict() {
            Verdict::Fixed(_, Reason::Unknown) => return question(None),
            Verdict::Fixed(on, _) => on,
            Verdict::Ask => true,
        };
        question(Some(Other { gate, rules: rules.as_deref() }))
    }
}
