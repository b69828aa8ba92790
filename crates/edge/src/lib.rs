//! The embedded default: a reverse proxy, the release supervisor, and the agent that holds both.
//!
//! Start at [`AgentClient`] to talk to a running agent; [`api`] is what goes over its socket.

pub mod api;
mod client;
mod files;
mod process;
mod releases;
mod shim;
mod switcher;

pub use client::{AgentClient, Cause, ClientError, Refusal};
pub use releases::{ArtifactSource, ContentHash, Frozen, ReleaseError, ReleaseStore, content_hash};
pub use shim::shim_main;
pub use switcher::AgentSwitcher;

/// The admin socket's name in the state directory.
pub const SOCKET_NAME: &str = "agent.sock";
