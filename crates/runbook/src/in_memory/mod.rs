//! Journal, order book and lease without a disk: the reference for the contracts, and what tests run on.

mod journal;
mod lease;

pub use journal::InMemoryJournal;
pub use lease::InMemoryLease;
