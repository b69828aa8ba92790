//! Probes that say whether a release may have traffic.
//!
//! Start at [`HealthProbe`]: one method, with a deadline. [`RiseFall`] turns single answers into a standing that does
//! not flap; [`Watched`] asks in the background, so that whoever wants to know reads the last answer and never waits
//! for a dependency.
//!
//! | feature | adds |
//! |---|---|
//! | `http` | `HttpProbe`, an address anywhere, over HTTPS too |
//! | `instance` | `InstanceProbe`, one HTTP/1.1 request over a fresh connection, and `SmokeTest`, named steps over it |
//!
//! What failed is said in public as a [`ProbeClass`] only; addresses and messages are in
//! [`ProbeError::detail`], for logs.
//!
//! Not for: calling a dependency on the request path.

mod error;
mod hysteresis;
mod invalid;
mod probe;
mod schedule;

#[cfg(any(feature = "http", feature = "instance"))]
mod answer;
#[cfg(feature = "http")]
mod blocking;
#[cfg(any(feature = "http", feature = "instance"))]
mod cause;
#[cfg(feature = "instance")]
mod instance;
mod probes;

pub use error::{ProbeClass, ProbeError};
pub use hysteresis::{RiseFall, Standing};
pub use invalid::InvalidProbe;
pub use probe::{HealthProbe, Healthy, Measured};
pub use schedule::{Schedule, Status, Watched};

#[cfg(any(feature = "http", feature = "instance"))]
pub use self::answer::Answer;
#[cfg(feature = "instance")]
pub use self::instance::{InstanceProbe, SmokeEnd, SmokeReport, SmokeStep, SmokeTest};
#[cfg(feature = "http")]
pub use self::probes::HttpProbe;
