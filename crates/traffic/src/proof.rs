use serde::{Deserialize, Serialize};

/// How surely traffic is known to have moved, weakest first.
///
/// An old release is stopped only at [`Proof::Probed`] or [`Proof::Counted`], and drained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "proof")]
pub enum Proof {
    /// The backend said yes.
    Accepted,
    /// The backend's own state, read again, is the wanted one.
    ReadBack,
    /// Fresh connections through the public address were answered by the wanted release.
    Probed {
        /// How many connections were opened.
        probes: u32,
        /// How many of them the wanted release answered.
        hits: u32,
    },
    /// The releases' own request counters moved as wanted.
    Counted {
        /// Requests the wanted release took since the change.
        moved: u64,
    },
}
