//! Layers: switchers around any switcher, adding one thing each.
//!
//! | layer | adds |
//! |---|---|
//! | [`Fault`] | misfortune by script: lost acknowledgements, lost requests, delays, half-made changes, refusals |

mod fault;

pub use fault::{Call, Fault, Mishap};
