use serde::{Deserialize, Serialize};

use super::Claim;
use crate::Age;

/// How long others may have to wait for a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Class {
    /// Nobody waits: no lock of SHARE or stronger on a relation that was there before the file.
    #[default]
    None,
    /// Others wait for a moment, once the lock is there; and everybody queues behind it while it is waited for.
    Brief,
    /// Others wait as long as the work takes, and it grows with the table.
    Long,
}

impl Class {
    /// The class of a statement that makes these claims, in a transaction or not.
    pub fn of(claims: &[Claim]) -> Self {
        claims.iter().map(Self::of_one).max().unwrap_or_default()
    }

    fn of_one(claim: &Claim) -> Self {
        if claim.age == Age::File || !claim.lock.blocks() {
            return Self::None;
        }
        if claim.work.is_long() { Self::Long } else { Self::Brief }
    }
}
