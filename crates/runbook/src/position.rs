//! Where a run stands: its records, folded.
//!
//! The driver changes its position only by folding what it records, so a resumed driver, which folds
//! the same records, stands where the first one stood.

use std::collections::{BTreeMap, BTreeSet};

use handover_core::{OpId, RunId};
use serde_json::Value;

use crate::{Body, Ending, Order, Record, StepName};

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Position {
    /// The number the next record has.
    pub(crate) next_seq: u64,
    pub(crate) sealed: bool,
    /// Steps that need no more attention.
    pub(crate) done: BTreeSet<StepName>,
    /// Steps given up, with the causes.
    pub(crate) failed: BTreeMap<StepName, Vec<String>>,
    /// The effect that was begun and not finished.
    pub(crate) open: Option<Open>,
    /// The watch that was begun and not finished.
    pub(crate) watching: Option<Watching>,
    pub(crate) paused: bool,
    /// Who said that every skippable watch may be skipped.
    pub(crate) advance_all: Option<String>,
    /// A person's wish to go back that was not followed yet.
    pub(crate) turn_wanted: Option<TurnWanted>,
    /// Why the run goes back.
    pub(crate) turned: Option<String>,
    /// The number of the last order taken.
    pub(crate) taken: u64,
    pub(crate) ending: Option<Ending>,
    /// How many intents (effects) or beginnings (watches) each step has had.
    begun: BTreeMap<StepName, u64>,
}

/// An intent without an outcome.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Open {
    pub(crate) step: StepName,
    pub(crate) op: OpId,
    pub(crate) seen: Value,
    /// The state found that was neither wanted nor seen, if it was.
    pub(crate) conflict: Option<Value>,
    /// Whether a person said to go on over that state.
    pub(crate) approved: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Watching {
    pub(crate) step: StepName,
    pub(crate) approvals: u64,
    /// Who asked for it to be ended early.
    pub(crate) advance: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TurnWanted {
    pub(crate) number: u64,
    pub(crate) by: String,
    pub(crate) verb: String,
    pub(crate) reason: Option<String>,
}

impl Position {
    /// The position after these records.
    pub(crate) fn after(records: &[Record]) -> Self {
        let mut position = Self::default();
        for record in records {
            position.fold(&record.body);
        }
        position
    }

    /// Moves on by one record.
    pub(crate) fn fold(&mut self, body: &Body) {
        self.next_seq += 1;
        match body {
            Body::Sealed { .. } => self.sealed = true,
            Body::Leased { .. } | Body::Noted { .. } => {}
            Body::Intent { step, op, seen, .. } => self.intend(step, op, seen),
            Body::Watching { step } => self.begin_watch(step),
            Body::Verified { step, .. } | Body::Proceeded { step, .. } => {
                self.done.insert(step.clone());
                self.leave();
            }
            Body::Failed { step, causes } => {
                self.failed.insert(step.clone(), causes.clone());
                self.leave();
            }
            Body::Ordered { number, order, by } => self.obey(*number, order, by),
            Body::Conflicted { found, .. } => self.conflict(found),
            Body::Turned { why, .. } => self.turn(why),
            Body::Ended { ending } => self.ending = Some(ending.clone()),
        }
    }

    /// Whether the step was ever begun.
    pub(crate) fn begun(&self, step: &StepName) -> bool {
        self.begun.contains_key(step)
    }

    /// The steps the records name.
    pub(crate) fn named(&self) -> impl Iterator<Item = &StepName> {
        self.begun.keys()
    }

    /// The name of the next new intent of `step`: the same however often it is asked before it is recorded.
    pub(crate) fn next_op(&self, run: &RunId, step: &StepName) -> OpId {
        match self.begun.get(step).copied().unwrap_or(0) {
            0 => OpId::new(format!("{run}/{step}")),
            earlier => OpId::new(format!("{run}/{step}#{}", earlier + 1)),
        }
    }

    /// The open intent, if it is this step's.
    pub(crate) fn open_of(&self, step: &StepName) -> Option<&Open> {
        self.open.as_ref().filter(|open| open.step == *step)
    }

    /// Whether this step's watch is under way.
    pub(crate) fn watches(&self, step: &StepName) -> bool {
        self.watching.as_ref().is_some_and(|watching| watching.step == *step)
    }

    /// Approvals since the watch under way began.
    pub(crate) fn approvals(&self) -> u64 {
        self.watching.as_ref().map_or(0, |watching| watching.approvals)
    }

    /// Who said that the watch under way need not be waited for.
    ///
    /// A pause outlasts "advance all": only the order for this very watch ends a watch while paused.
    pub(crate) fn skip(&self) -> Option<&str> {
        let this = self.watching.as_ref().and_then(|watching| watching.advance.as_deref());
        this.or_else(|| self.advance_all.as_deref().filter(|_| !self.paused))
    }

    fn intend(&mut self, step: &StepName, op: &OpId, seen: &Value) {
        *self.begun.entry(step.clone()).or_default() += 1;
        let (step, op, seen) = (step.clone(), op.clone(), seen.clone());
        self.open = Some(Open { step, op, seen, conflict: None, approved: false });
    }

    fn begin_watch(&mut self, step: &StepName) {
        *self.begun.entry(step.clone()).or_default() += 1;
        self.watching = Some(Watching { step: step.clone(), approvals: 0, advance: None });
    }

    fn leave(&mut self) {
        self.open = None;
        self.watching = None;
    }

    fn conflict(&mut self, found: &Value) {
        if let Some(open) = &mut self.open {
            open.conflict = Some(found.clone());
            open.approved = false;
        }
    }

    fn turn(&mut self, why: &str) {
        self.leave();
        self.turned = Some(why.to_owned());
        self.turn_wanted = None;
        self.paused = false;
        self.advance_all = None;
    }

    fn obey(&mut self, number: u64, order: &Order, by: &str) {
        self.taken = self.taken.max(number);
        let forward = self.turned.is_none();
        match order {
            Order::Advance => {
                if let Some(watching) = &mut self.watching {
                    watching.advance = Some(by.to_owned());
                }
            }
            Order::Approve => self.approve(),
            Order::AdvanceAll if forward => self.advance_all = Some(by.to_owned()),
            Order::Pause if forward => self.paused = true,
            Order::Continue => self.paused = false,
            Order::TurnBack { verb, reason } if forward => {
                let (by, verb, reason) = (by.to_owned(), verb.clone(), reason.clone());
                self.turn_wanted.get_or_insert(TurnWanted { number, by, verb, reason });
            }
            Order::AdvanceAll | Order::Pause | Order::TurnBack { .. } => {}
        }
    }

    /// Answers the question that is open: a conflict first, else the watch.
    fn approve(&mut self) {
        if let Some(open) = self.open.as_mut().filter(|open| open.conflict.is_some()) {
            open.approved = true;
        } else if let Some(watching) = &mut self.watching {
            watching.approvals += 1;
        }
    }
}

impl TurnWanted {
    /// The wish as a sentence.
    pub(crate) fn why(&self) -> String {
        let Self { verb, by, .. } = self;
        match &self.reason {
            Some(reason) => format!("{verb} by {by}: {reason}"),
            None => format!("{verb} by {by}"),
        }
    }
}
