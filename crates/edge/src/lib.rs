//! The embedded default: a reverse proxy, the release supervisor, and the agent that holds both.
//!
//! Start at [`proxy::Proxy`] to embed the data plane, at [`Agent`] for the long-lived process, at [`AgentClient`] to
//! talk to one; [`api`] is what goes over its socket. [`ReleaseStore`] freezes what an agent launches.
//! [`standalone`] is an edge without an agent, in front of releases that somebody else runs.
//!
//! | feature | |
//! |---|---|
//! | `remote` | [`AgentClient`] reaches a stand-alone edge over HTTP or HTTPS too |

mod admin;
mod agent;
pub mod api;
mod client;
mod denied;
mod driver;
mod files;
mod guard;
mod lease;
pub mod local;
mod lock;
mod process;
pub mod proxy;
mod releases;
mod shim;
pub mod standalone;
mod start;
mod state;
mod supervise;
mod switcher;
mod tasks;
mod token;
mod windows;

pub use agent::{Agent, AgentError, AgentOptions};
#[cfg(feature = "remote")]
pub use client::RemoteError;
pub use client::{AgentClient, Cause, ClientError, Place, Refusal};
pub use releases::{ArtifactSource, ContentHash, Frozen, ReleaseError, ReleaseStore, content_hash};
pub use shim::{CommandPrefix, shim_main};
pub use state::StateError;
pub use switcher::{AgentSwitcher, BreakGlass};
pub use token::{AdminToken, TokenError};

/// The admin socket's name in the state directory.
pub const SOCKET_NAME: &str = "agent.sock";

/// An error with its causes in one line, for logs.
pub(crate) fn one_line(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |&e| e.source());
    causes.fold(error.to_string(), |line, cause| format!("{line}: {cause}"))
}
