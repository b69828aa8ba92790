//! Whole deployments with the real binary: agent, driver, shims, releases and users are processes, and nothing is
//! simulated but time being short.
//!
//! Every wait is for a condition, with [`wait::PATIENCE`] as the limit; each [`Service`] has a folder and a port of its
//! own and leaves no process behind, also when its test panics.

mod config;
mod place;
mod processes;
mod service;
mod typed;
mod users;
mod wait;

mod agent_killed;
mod by_hand;
mod candidate_killed;
mod demo;
mod driver_killed;
mod driver_stopped;
mod flags;
mod haproxy;
mod health;
mod migrations;
mod mistakes;
mod platform;
mod refused;
mod remote_edge;
mod state_file;
mod steer;
mod takeover;
pub(crate) mod terminal;
mod views;

use config::Config;
use service::Service;
use users::Users;
