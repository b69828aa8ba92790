//! Whether traffic really moved, seen from outside.
//!
//! That a backend said yes proves little, and that it reads back as set proves that it was set. Proof is an answer: a
//! fresh connection through the public address, and the name that the answer carries. How much a number of such answers
//! says about a share is [`share_bound`].

#[cfg(feature = "probe")]
mod prober;
mod share;

#[cfg(feature = "probe")]
pub use prober::{Heard, Prober, ProberError};
pub use share::{ShareBound, share_bound};
