//! A way through the service as a user goes it, walked by the service itself: create something, find it, delete it.

mod parts;
mod report;
mod run;
mod smoke;

pub use self::report::{FlowReport, FlowStep};
pub use self::run::SmokeRun;
pub use self::smoke::SmokeFlow;
