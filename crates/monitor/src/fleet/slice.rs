use std::time::Duration;

use handover_core::Timestamp;

use super::name::Instance;
use super::sums::Sums;
use super::wire::{self, WireError};

/// What one instance counted in one stretch of time: sparse differences, series without a request left out.
///
/// `epoch` names the life of the process and only grows over its restarts (the wall clock at its start will do);
/// `seq` counts slices from 1 within it, the empty ones too, so that a hole in the numbers is a lost slice and
/// nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Who counted.
    pub instance: Instance,
    /// Which life of that instance.
    pub epoch: u64,
    /// Which slice of that life.
    pub seq: u64,
    /// When the slice was closed, by the instance's own wall clock.
    pub ended: Timestamp,
    /// How long it was open.
    pub lasted: Duration,
    /// What was counted in it.
    pub counted: Sums,
}

impl Slice {
    /// The slice as bytes: format 1, at most 4 MiB, about two bytes per occupied latency code.
    ///
    /// # Errors
    ///
    /// [`WireError::TooLong`] where it would be longer; nothing a bounded registry can hold is.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WireError> {
        wire::encode(self)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote, and only that: there is one spelling of each slice.
    ///
    /// # Errors
    ///
    /// A [`WireError`] that names the first thing wrong. No bytes make it panic or allocate more than a small
    /// multiple of their own length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        wire::decode(bytes)
    }
}
