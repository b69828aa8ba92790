//! What the journal keeps: append-only, hash-chained, one chain per run.

use handover_core::{Fence, OpId, RunId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Ending, Order, StepName};

/// The version of the record format. A journal of a newer one is refused.
pub const FORMAT: u32 = 1;

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Body {
    /// The plan, fixed from here on.
    Sealed {
        /// The plan in its owner's own form; the runbook does not read it.
        plan: Value,
    },
    /// A driver took the run over.
    Leased {
        /// Who.
        holder: String,
    },
    /// An effect is about to be brought about.
    Intent {
        /// Which step.
        step: StepName,
        /// The name every attempt carries.
        op: OpId,
        /// The state wished for.
        want: Value,
        /// The state before.
        seen: Value,
    },
    /// The effect is in force.
    Verified {
        /// Which step.
        step: StepName,
        /// What was observed.
        proof: Value,
    },
    /// A watch began.
    Watching {
        /// Which step.
        step: StepName,
    },
    /// A watch let the run go on.
    Proceeded {
        /// Which step.
        step: StepName,
        /// What it rests on.
        evidence: Value,
    },
    /// A step failed; what follows says what came of it.
    Failed {
        /// Which step.
        step: StepName,
        /// The whole chain of causes, outermost first.
        causes: Vec<String>,
    },
    /// A step said something worth keeping (a verdict, a wait, a question).
    Noted {
        /// Which step.
        step: StepName,
        /// What.
        note: Value,
    },
    /// A person's order was taken.
    Ordered {
        /// Its number in the order book, so that it is taken once.
        number: u64,
        /// What.
        order: Order,
        /// Who.
        by: String,
    },
    /// An intent's state was neither the wanted nor the former one: somebody else acted.
    Conflicted {
        /// Which step.
        step: StepName,
        /// The state found.
        found: Value,
    },
    /// The run goes back from here.
    Turned {
        /// Why, for a person.
        why: String,
        /// What it rests on.
        evidence: Value,
    },
    /// The run is over.
    Ended {
        /// How.
        ending: Ending,
    },
}

/// One entry of a run's chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The format the record was written in ([`FORMAT`]).
    pub format: u32,
    /// Which run.
    pub run: RunId,
    /// 0 for the first; no gaps.
    pub seq: u64,
    /// When it was written, on the wall clock.
    pub at: Timestamp,
    /// The fence of the writer; zero before the first lease.
    pub fence: Fence,
    /// What happened.
    pub body: Body,
    /// The hash of the record before, hex; empty for the first.
    pub prev: String,
    /// SHA-256 over `prev` and everything above, hex.
    pub hash: String,
}
