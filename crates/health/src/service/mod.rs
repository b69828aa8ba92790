//! The endpoints over HTTP.

mod answer;
mod answering;
mod ask;
mod endpoints;
mod token;

pub use self::answering::Answering;
pub use self::endpoints::{HealthService, SmokeAccess};
