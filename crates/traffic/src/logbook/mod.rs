//! A memory for control planes that have none.
//!
//! HAProxy, Railway and Vercel move traffic, but none of them numbers the changes, knows an operation by its name, or
//! turns away a driver that lost its lease. [`WithLogbook`] adds that: a backend implements [`Platform`], which is
//! reading, moving and draining, and the logbook makes a whole [`TrafficSwitcher`](crate::TrafficSwitcher) of it.
//!
//! The logbook is a small file beside the service's state. What it promises holds among those who share the file; a
//! change that somebody makes at the platform itself shows as a new revision the next time somebody looks.
//!
//! Before a platform is told to move, the wish is in the file. Whoever finds an open wish reads the platform first:
//! nothing is believed because it was written down.

mod book;
mod keep;
mod platform;
mod switcher;
#[cfg(test)]
mod tests;

pub use keep::Logbook;
pub use platform::{Intent, Place, Platform, Seen, Targets};
pub use switcher::WithLogbook;
