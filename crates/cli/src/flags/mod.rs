//! Feature flags: where they are kept, and those that belong to a run.

mod closed;
mod look;
mod run;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub(crate) use look::{FlagsLook, look};
pub(crate) use run::{changes, run_flags, store_at};
