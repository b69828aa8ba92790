//! One HTTP/1.1 request over a fresh connection.
//!
//! Fresh, since a kept connection proves only that its process once listened. No redirect is followed: a probe asks
//! this instance, and where it points to is somebody else's health.

mod exchange;
mod probe;
mod smoke;

pub use self::probe::InstanceProbe;
pub use self::smoke::{SmokeEnd, SmokeReport, SmokeStep, SmokeTest};
