//! A simulated outside: named values that effects set, with faults, a fence and a memory of operations.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Retry};
use serde_json::{Value, json};
use tokio::task::yield_now;

use crate::{Decision, Effect, Op, Signals, StepError, Watch};

/// What goes wrong when an effect is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is refused, for good. Nothing changes.
    Refused,
    /// It is refused for this long. Nothing changes.
    Throttled(Duration),
    /// It takes effect, and the answer is lost.
    AnswerLost,
    /// The request is lost: nothing changes, and the caller cannot know.
    RequestLost,
    /// It is accepted, and nothing changes.
    Ignored,
}

/// The outside. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct World {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    state: BTreeMap<String, Value>,
    fence: Fence,
    log: Vec<Op>,
    done: BTreeSet<OpId>,
    duplicates: u64,
    stale: u64,
    passing: BTreeMap<String, VecDeque<Fault>>,
    lasting: BTreeMap<String, Fault>,
}

impl World {
    /// An outside where every value is `null`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The effect that sets `key` to `value`.
    pub fn set_to(&self, key: &str, value: Value) -> SetTo {
        SetTo { world: self.clone(), key: key.into(), value }
    }

    /// Somebody else sets `key`, past every fence.
    pub fn meddle(&self, key: &str, value: Value) {
        self.lock().state.insert(key.into(), value);
    }

    /// Somebody else acts with this fence.
    pub fn raise_fence(&self, fence: Fence) {
        let mut inner = self.lock();
        inner.fence = inner.fence.max(fence);
    }

    /// The next application to `key` goes wrong like this; several queue up.
    pub fn fail_once(&self, key: &str, fault: Fault) {
        self.lock().passing.entry(key.into()).or_default().push_back(fault);
    }

    /// Every application to `key` goes wrong like this, after those of [`World::fail_once`].
    pub fn fail_always(&self, key: &str, fault: Fault) {
        self.lock().lasting.insert(key.into(), fault);
    }

    /// The fault of `key` is over.
    pub fn heal(&self, key: &str) {
        let mut inner = self.lock();
        inner.lasting.remove(key);
        inner.passing.remove(key);
    }

    /// Every value that was ever set.
    pub fn state(&self) -> Value {
        json!(self.lock().state)
    }

    /// Every application that arrived, faulty and stale ones included, in order.
    pub fn log(&self) -> Vec<Op> {
        self.lock().log.clone()
    }

    /// How often an operation that had taken effect was applied again.
    pub fn duplicates(&self) -> u64 {
        self.lock().duplicates
    }

    /// How often a lower fence was refused.
    pub fn stale(&self) -> u64 {
        self.lock().stale
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn apply(&mut self, key: &str, value: &Value, op: &Op) -> Result<(), StepError> {
        self.log.push(op.clone());
        if op.fence < self.fence {
            self.stale += 1;
            return Err(error("somebody acted with a higher fence", Retry::Never, true));
        }
        self.fence = op.fence;
        let fault = self.passing.get_mut(key).and_then(VecDeque::pop_front);
        match fault.or_else(|| self.lasting.get(key).copied()) {
            Some(Fault::Refused) => Err(error("it was refused", Retry::Never, false)),
            Some(Fault::Throttled(wait)) => Err(error("it was too much", Retry::After(wait), false)),
            Some(Fault::RequestLost) => Err(error("no answer came", Retry::AfterReadBack, false)),
            Some(Fault::Ignored) => Ok(()),
            Some(Fault::AnswerLost) => {
                self.set(key, value, op);
                Err(error("no answer came", Retry::AfterReadBack, false))
            }
            None => {
                self.set(key, value, op);
                Ok(())
            }
        }
    }

    fn set(&mut self, key: &str, value: &Value, op: &Op) {
        if self.done.insert(op.id.clone()) {
            self.state.insert(key.into(), value.clone());
        } else {
            self.duplicates += 1;
        }
    }
}

/// An effect on a [`World`]: one value, set. See [`World::set_to`].
#[derive(Debug)]
pub struct SetTo {
    world: World,
    key: String,
    value: Value,
}

#[async_trait]
impl Effect for SetTo {
    fn want(&self) -> Value {
        self.value.clone()
    }

    async fn observe(&self) -> Result<Value, StepError> {
        yield_now().await;
        Ok(self.world.lock().state.get(&self.key).cloned().unwrap_or(Value::Null))
    }

    async fn apply(&self, op: &Op) -> Result<(), StepError> {
        yield_now().await;
        let applied = self.world.lock().apply(&self.key, &self.value, op);
        yield_now().await;
        applied
    }
}

/// A watch that decides after a time, as every watch must: not while paused, if it is to proceed.
#[derive(Debug)]
pub struct Waits {
    time: Duration,
    decision: Decision,
    skippable: bool,
    approval: bool,
}

impl Waits {
    /// Decides so after `time`.
    pub fn new(time: Duration, decision: Decision) -> Self {
        Self { time, decision, skippable: false, approval: false }
    }

    /// The same, and a person may end it early.
    #[must_use]
    pub fn skippable(self) -> Self {
        Self { skippable: true, ..self }
    }

    /// The same, asking for an approval after the time.
    #[must_use]
    pub fn with_approval(self) -> Self {
        Self { approval: true, ..self }
    }
}

#[async_trait]
impl Watch for Waits {
    async fn watch(&self, signals: &Signals) -> Result<Decision, StepError> {
        tokio::time::sleep(self.time).await;
        if matches!(self.decision, Decision::TurnBack { .. }) {
            return Ok(self.decision.clone());
        }
        if self.approval && signals.approvals() == 0 {
            signals.ask("may it go on?").await;
        }
        while signals.paused() || self.approval && signals.approvals() == 0 {
            signals.changed().await;
        }
        Ok(self.decision.clone())
    }

    fn skippable(&self) -> bool {
        self.skippable
    }
}

fn error(attempted: &str, retry: Retry, fenced: bool) -> StepError {
    StepError { attempted: attempted.into(), retry, fenced, source: None }
}
