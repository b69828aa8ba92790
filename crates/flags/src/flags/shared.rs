use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;
use tokio::time::Instant;

use super::evaluation::Evaluation;
use super::event::FlagEvent;
use super::fresh::Fresh;
use super::status::Status;
use crate::hot::{Counters, Exposure, Reason, Slot, Source, State, Table, Verdict};
use crate::name::shown;
use crate::rules::{Compiled, Context, Other, Others, Why};

/// How many events wait for a slow listener, who then misses the oldest.
const EVENTS: usize = 1024;

/// How many names that nobody knows are remembered.
const UNKNOWN: usize = 100;

/// What readers and the tasks behind them have in common.
pub(crate) struct Shared {
    pub(super) table: Table,
    pub(super) counters: Option<Counters>,
    pub(super) fresh: Fresh,
    pub(super) status: Mutex<Status>,
    pub(super) events: broadcast::Sender<FlagEvent>,
    unknown: Mutex<BTreeSet<String>>,
    #[cfg(feature = "testing")]
    pub(super) recorder: std::sync::OnceLock<super::fake::Recorder>,
}

impl Shared {
    pub(super) fn new(status: Status, count: bool) -> Self {
        Self {
            table: Table::new(),
            counters: count.then(Counters::new),
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
        if let Some(counters) = &self.counters {
            counters.count(slot.index(), on);
        }
    }

    /// What rules say, without a count.
    pub(crate) fn ask(&self, slot: &Slot, context: &Context<'_>) -> bool {
        slot.ask(|rules, _| rules.decide(context, self).on, |on, _, _| on)
    }

    #[inline]
    pub(super) fn evaluate(&self, slot: &Slot, context: &Context<'_>) -> Evaluation {
        let state = slot.state();
        let evaluation = match state.verdict() {
            Verdict::Fixed(on, why) => self.evaluation(on, None, why, state),
            Verdict::Ask => self.evaluate_rules(slot, context),
        };
        self.note(slot, context, evaluation.value, evaluation.variant.as_ref());
        evaluation
    }

    fn evaluate_rules(&self, slot: &Slot, context: &Context<'_>) -> Evaluation {
        let decide = |rules: &Compiled, state| {
            let decision = rules.decide(context, self);
            self.evaluation(decision.on, decision.variant.cloned(), reason(decision.why), state)
        };
        slot.ask(decide, |on, why, state| self.evaluation(on, None, why, state))
    }

    #[inline]
    fn evaluation(
        &self,
        value: bool,
        variant: Option<Arc<crate::rules::Variant>>,
        reason: Reason,
        state: State,
    ) -> Evaluation {
        let (source, revision) = (state.source(), state.revision());
        Evaluation { value, variant, reason, source, revision, as_of: self.fresh.as_of() }
    }

    /// A name that nobody knows is off, and remembered: it is most often a typing error.
    #[cold]
    pub(super) fn unknown(&self, name: &str) -> Evaluation {
        self.remember(name);
        #[cfg(feature = "testing")]
        self.record(name, &Context::new(), false, None);
        let as_of = self.fresh.as_of();
        Evaluation {
            value: false,
            variant: None,
            reason: Reason::Unknown,
            source: Source::Safe,
            revision: 0,
            as_of,
        }
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
        self.counters.as_ref().is_some_and(|counters| counters.sum(slot.index()) == [0, 0])
    }

    pub(super) fn exposures(&self) -> Vec<Exposure> {
        let Some(counters) = &self.counters else { return Vec::new() };
        let slots = self.table.all();
        let counted = slots.iter().map(|slot| (slot, counters.sum(slot.index())));
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
