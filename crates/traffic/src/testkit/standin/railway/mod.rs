//! Railway's control plane on loopback: its GraphQL interface over HTTP and WebSocket, with state.
//!
//! It executes whatever document it is sent, not only ours, so Railway's own command-line client works on it. With the
//! published schema it checks each document first, as Railway does. Deployments take their time, pass through Railway's
//! own statuses, overlap, are removed; images are kept for a while; tokens, quotas and refusals are Railway's. A script
//! of [`Fault`]s makes it as unreliable as a network.
//!
//! What it cannot show is what Railway's edge does with requests; its public side answers from the deployment in force.

mod clock;
mod controls;
mod execute;
mod fault;
mod mutations;
mod nodes;
mod queries;
mod server;
mod setup;
mod socket;
mod state;

pub use controls::{DeploymentSeen, RailwayStandIn};
pub use fault::Fault;
pub use setup::{Pace, Setup};
pub use state::Settings;

/// A project token that the stand-in takes.
pub const PROJECT_TOKEN: &str = "project-token-of-the-stand-in";
/// An account token that the stand-in takes.
pub const ACCOUNT_TOKEN: &str = "account-token-of-the-stand-in";
/// A project token whose holder never gets the answer to a mutation, though it is done.
pub const DEAF_TOKEN: &str = "deaf-token-of-the-stand-in";
/// The id of the project.
pub const PROJECT: &str = "prj-shop";
/// The id of the environment.
pub const ENVIRONMENT: &str = "env-production";
/// The id of the service with the public domain.
pub const SERVICE: &str = "svc-shop";
/// The id of a service that belongs to somebody else.
pub const NEIGHBOUR: &str = "svc-mail";
