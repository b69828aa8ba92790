//! What the platform is asked for, one method per question.

mod deployments;
mod project;
mod promotion;
mod rolling;

pub use deployments::{Filter, NewDeployment};
pub(super) use promotion::Accepted;
