use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A connection kept from one check to the next.
///
/// It is taken out while it is in use and put back only after a good answer, so a check that fails or is dropped closes
/// it, and the next opens another.
pub(super) struct Kept<C>(Mutex<Option<C>>);

impl<C> Kept<C> {
    pub(super) fn take(&self) -> Option<C> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn put(&self, connection: C) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
    }
}

impl<C> Default for Kept<C> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<C> fmt::Debug for Kept<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}
