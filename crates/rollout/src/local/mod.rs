//! The world of one machine: releases as processes and traffic through the edge, both by the agent's client; hooks as
//! child processes of the driver.

mod front;
mod hooks;
mod launcher;

pub use front::LocalFront;
pub use hooks::LocalHooks;
pub use launcher::AgentLauncher;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use handover_edge::api::ApiErrorKind;
use handover_edge::{AgentClient, AgentSwitcher, Cause, ClientError};

use crate::{World, WorldError};

/// The world of the agent behind `client`, whose users come in at `listen`; `state_dir` is the agent's.
///
/// Probes ask for `probe_path`: any answer of a release counts, whatever its status. Nothing is seen from outside.
pub fn world(client: &AgentClient, listen: SocketAddr, probe_path: &str, state_dir: &Path) -> World {
    World {
        traffic: Arc::new(AgentSwitcher::new(client.clone())),
        launcher: Arc::new(AgentLauncher::new(client.clone(), state_dir)),
        windows: Arc::new(client.clone()),
        front: Arc::new(LocalFront::new(client.clone(), listen, probe_path)),
        hooks: Arc::new(LocalHooks::new(state_dir)),
        outlook: None,
        flags: None,
        migrations: None,
    }
}

impl From<ClientError> for WorldError {
    fn from(error: ClientError) -> Self {
        let fenced = matches!(error.kind(), Some(ApiErrorKind::Fenced { .. }));
        let causes = std::iter::successors(std::error::Error::source(&error), |e| e.source());
        let causes: Vec<_> = causes.map(ToString::to_string).collect();
        let source = Cause::chain(&causes).map(Into::into);
        Self { message: error.to_string(), retry: error.retry(), fenced, source }
    }
}
