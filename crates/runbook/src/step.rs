//! What a step is: something to bring about ([`Effect`]) or something to wait for ([`Watch`]).
//!
//! The engine knows no more of a step than these two traits, so it knows no deployment word.

use std::fmt;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Retry};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Signals;

/// The name of a step, unique within its program; it is what the journal records.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepName(String);

impl StepName {
    /// A step of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Why a step could not do its work.
#[derive(Debug, thiserror::Error)]
#[error("{attempted}")]
pub struct StepError {
    /// What was being attempted, in the operator's words.
    pub attempted: String,
    /// Whether trying again makes sense.
    pub retry: Retry,
    /// Somebody with a higher fence has acted: this driver must stop, not turn back.
    pub fenced: bool,
    /// What went wrong.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Names one attempt at an effect. A resumed run repeats the same `id`, under its own fence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op {
    /// The same for every attempt at the same intent.
    pub id: OpId,
    /// The fence of the lease the driver holds now.
    pub fence: Fence,
}

/// Something outside that a step brings about.
///
/// # Contract
///
/// 1. `observe` changes nothing and speaks in the terms of `want`: equal, or what `suffices` says, means done.
/// 2. `apply` twice with the same `Op::id` is the same as once.
/// 3. Dropping a future is allowed at any await point; `observe` afterwards tells what is so.
#[async_trait]
pub trait Effect: fmt::Debug + Send + Sync {
    /// The state this step wants. Constant for the life of the run.
    fn want(&self) -> Value;
    /// The state now, in the same terms.
    async fn observe(&self) -> Result<Value, StepError>;
    /// Whether this state will do: the wanted one, unless the effect knows of others that are as good.
    fn suffices(&self, found: &Value) -> bool {
        *found == self.want()
    }
    /// Brings the wanted state about.
    async fn apply(&self, op: &Op) -> Result<(), StepError>;
}

/// How a watch ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Go on; with what it rests on.
    Proceed(Value),
    /// Go back.
    TurnBack {
        /// One sentence for a person.
        why: String,
        /// What it rests on.
        evidence: Value,
    },
}

/// Something a step waits for: health, a judgement, a clock, a person.
///
/// It has no effect of its own, so a resumed run simply watches again.
#[async_trait]
pub trait Watch: fmt::Debug + Send + Sync {
    /// Waits and decides. May be dropped at any await point.
    ///
    /// While [`Signals::paused`] it goes on judging and may turn back, but does not proceed.
    async fn watch(&self, signals: &Signals) -> Result<Decision, StepError>;
    /// Whether a person may end this watch early ([`crate::Order::Advance`]). Proofs say no.
    fn skippable(&self) -> bool {
        false
    }
}

/// The work of a step.
#[derive(Debug)]
pub enum Action {
    /// Something to bring about.
    Effect(Box<dyn Effect>),
    /// Something to wait for.
    Watch(Box<dyn Watch>),
}

/// A step with its place in the program.
#[derive(Debug)]
pub struct Step {
    /// Unique within the program.
    pub name: StepName,
    /// In the way back only: skip this step unless the named forward step was begun.
    pub undoes: Option<StepName>,
    /// An undo step that is best effort: its failure is recorded and the way back goes on.
    pub may_fail: bool,
    /// In the way back only: walked also after a step that may not fail has failed, for what must be done in any case.
    pub even_if_stuck: bool,
    /// What it does.
    pub action: Action,
}

/// The way forward and the way back.
#[derive(Debug, Default)]
pub struct Program {
    /// Steps in order; the run is done after the last.
    pub forward: Vec<Step>,
    /// Steps in order, run after a verdict, an order or a failure.
    pub back: Vec<Step>,
}
