//! What the values of constraints are read as. Reading one allocates nothing, whatever the text.

mod fold;
mod moment;
mod network;
mod percentage;
mod version;

pub(super) use fold::{Needle, fold};
pub use moment::{Moment, NotAMoment};
pub(super) use network::network;
pub use percentage::{NotAPercentage, Percentage};
pub(super) use version::Version;
