//! What is wished for ([`Change`]) and what is seen ([`Observed`], [`Drained`]).

use std::fmt;
use std::time::Duration;

use handover_core::{BySlot, Fence, OpId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Split;

/// Counts the changes a backend has made; compare-and-set names the one it was based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(u64);

impl Revision {
    /// The revision of this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The plain number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The revision after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether requests are answered or kept waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "mode")]
pub enum Mode {
    /// Requests go to a release.
    #[default]
    Serve,
    /// Requests queue, without an error, until served again or until this moment.
    Hold {
        /// When the hold ends by itself and requests are served as the split says.
        until: Timestamp,
    },
}

/// Where requests go: the whole wish, never a delta.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Route {
    /// The share of each slot.
    pub split: Split,
    /// Served or held.
    #[serde(flatten)]
    pub mode: Mode,
}

impl Route {
    /// Requests are answered, shared as `split` says.
    pub const fn serve(split: Split) -> Self {
        Self { split, mode: Mode::Serve }
    }

    /// Requests wait until `until`, then are shared as `split` says.
    pub const fn hold(split: Split, until: Timestamp) -> Self {
        Self { split, mode: Mode::Hold { until } }
    }
}

/// The revision a change was planned on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Whatever is in force: for taking everything back to stable.
    Any,
    /// Only if this revision is still in force.
    Revision(Revision),
}

impl Expected {
    /// Whether a change planned on `self` may replace `found`.
    pub fn allows(self, found: Revision) -> bool {
        match self {
            Self::Any => true,
            Self::Revision(planned) => planned == found,
        }
    }
}

/// One wish to move traffic.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    /// The route to bring about.
    pub route: Route,
    /// Compare-and-set guard.
    pub expected: Expected,
    /// Names the wish: the same name twice is the same as once.
    pub op: OpId,
    /// Who wishes it: a lower fence than one already seen never wins.
    pub fence: Fence,
}

/// What is being answered on a slot right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct InFlight {
    /// Requests whose answer has not begun.
    pub requests: u64,
    /// Answers whose body is still on its way.
    pub streams: u64,
    /// Connections upgraded to another protocol (WebSocket, for one).
    pub upgrades: u64,
}

impl InFlight {
    /// All kinds together.
    pub const fn total(self) -> u64 {
        self.requests + self.streams + self.upgrades
    }
}

/// The route in force, read from the backend itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Where requests go now.
    pub route: Route,
    /// Which change brought it about.
    pub revision: Revision,
    /// The last change's name, where the backend keeps it.
    pub last_op: Option<OpId>,
    /// The highest fence seen, where the backend keeps it.
    pub fence: Option<Fence>,
    /// Requests being answered per slot, where the backend counts them.
    pub in_flight: Option<BySlot<InFlight>>,
    /// Requests ever sent to each slot, where the backend counts them; only differences mean anything.
    pub served: Option<BySlot<u64>>,
    /// Whether something is on its way that will move it yet: a build, a job, a wish whose end is not known. Only backends
    /// that take a change on before they make it know that.
    #[serde(default)]
    pub moving: bool,
}

/// How waiting for a slot to become idle ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "drained")]
pub enum Drained {
    /// Nothing reaches the slot any more: counted.
    Clean {
        /// How long it took.
        waited: Duration,
    },
    /// The limit passed with this much left.
    TimedOut {
        /// Requests whose answer had not begun.
        requests: u64,
        /// Answers still on their way.
        streams: u64,
        /// Upgraded connections; a backend that can, has closed them now.
        upgrades: u64,
    },
    /// The backend cannot count; its declared bound was waited for.
    Assumed {
        /// How long was waited.
        waited: Duration,
    },
}
