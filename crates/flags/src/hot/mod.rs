//! What a read touches: names, slots, counters. Nothing here allocates or waits once a flag is known.

mod exposure;
mod slot;
mod state;
mod table;
mod thread;

pub use exposure::Exposure;
pub(crate) use slot::Slot;
pub use state::{Reason, Source};
pub(crate) use state::{State, Verdict};
pub(crate) use table::Table;
