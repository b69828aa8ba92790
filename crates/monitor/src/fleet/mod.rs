//! One service on many machines.
//!
//! Each instance cuts its counters into [`Slice`]s, differences since the slice before, and sends them by whatever
//! transport there is. A [`Fleet`] takes slices of many instances in any order, each once, and adds them up: adding
//! histograms is adding counts, so the p95 of the sum is the p95 of all requests, which no average of the instances'
//! p95s is. What is missing is told, never guessed.

mod full;
mod name;
mod receiver;
#[cfg(feature = "redis")]
pub mod redis;
mod seen;
mod slice;
mod slicer;
mod sums;
mod varint;
mod wire;

pub use full::NotTaken;
pub use name::{BadName, Endpoint, Instance, SeriesName};
pub use receiver::{Fleet, FleetLimits, StreamStatus, Taken};
pub use slice::Slice;
pub use slicer::Slicer;
pub use sums::Sums;
pub use wire::WireError;
