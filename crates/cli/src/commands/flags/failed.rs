use handover_flags::StoreError;

use crate::exit::Exit;
use crate::report::Failure;

/// Why the store did not do what was asked of it; only what it did not confirm may have changed anything.
pub(super) fn failed(attempted: impl Into<String>, error: &StoreError) -> Failure {
    let exit = match error {
        StoreError::Unconfirmed { .. } => Exit::Unknown,
        _ => Exit::Refused,
    };
    Failure::of(attempted, exit, error)
}
