//! Probes that say whether a release may have traffic.
//!
//! Start at [`HealthProbe`]: one method, with a deadline. [`RiseFall`] turns single answers into a standing that does
//! not flap; [`Watched`] asks in the background, so that whoever wants to know reads the last answer and never waits
//! for a dependency.
//!
//! | feature | adds |
//! |---|---|
//! | `instance` | `InstanceProbe`, one HTTP/1.1 request over a fresh connection, and `SmokeTest`, named steps over it |
//!
//! What failed is said in public as a [`ProbeClass`] only; addresses and messages are in
//! [`ProbeError::detail`], for logs.
//!
//! Not for: calling a dependency on the request path.

mod error;
mod hysteresis;
mod probe;
mod schedule;

#[cfg(feature = "instance")]
mod instance;

pub use error::{ProbeClass, ProbeError};
pub use hysteresis::{RiseFall, Standing};
pub use probe::{HealthProbe, Healthy, Measured};
pub use schedule::{Schedule, Status, Watched};

#[cfg(feature = "instance")]
pub use self::instance::{Answer, InstanceProbe, InvalidProbe, SmokeEnd, SmokeReport, SmokeStep, SmokeTest};
