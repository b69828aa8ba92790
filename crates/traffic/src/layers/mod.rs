//! Layers: switchers around any switcher, adding one thing each.
//!
//! | layer | adds |
//! |---|---|
//! | [`Retry`] | the same call again, as its error allows; after a lost answer it looks first |
//! | [`Timeout`] | a bound on each call |
//! | [`RateLimit`] | no more calls than a quota allows |
//! | [`Cached`] | a look serves for a while, where looks have a quota |
//! | `Traced` (feature `tracing`) | a span per call |
//! | [`Fault`] | misfortune by script: lost answers and requests, resets, delays, overtaking, half-made changes |
//!
//! They are written from the outside in: `Traced` around `Retry` around `Timeout` around `RateLimit` around a backend
//! traces what the caller got, and gives each attempt its own bound and its own turn.

mod cached;
mod fault;
mod rate_limit;
mod retry;
mod timeout;
#[cfg(feature = "tracing")]
mod traced;

pub use cached::Cached;
#[cfg(feature = "testkit")]
pub(crate) use fault::Path;
pub use fault::{Call, Fault, Mishap};
pub use rate_limit::{RateLimit, TokenBucket};
pub use retry::{Budget, Retry};
pub use timeout::Timeout;
#[cfg(feature = "tracing")]
pub use traced::Traced;
