//! From start-up to the last request.

mod drain;
#[cfg(feature = "signal")]
mod signal;
mod stage;

pub use self::drain::{DrainTimes, Drained};
pub use self::stage::{Lifecycle, Stage};
