use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use handover_core::{Hint, NameError, Retry, Slot};

use crate::proxy::OptionsError;
use crate::state::StateError;

/// Why an edge of its own did not start, or ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StandaloneError {
    /// A slot has no address.
    #[error("{slot} has no address")]
    NoUpstream {
        /// Which slot.
        slot: Slot,
    },
    /// The state folder cannot be used.
    #[error("cannot use the state directory {}", path.display())]
    StateDir {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another edge works in the state folder.
    #[error("another edge{} works in {}", pid.map(|pid| format!(" (process {pid})")).unwrap_or_default(), dir.display())]
    AlreadyRuns {
        /// The state folder.
        dir: PathBuf,
        /// The other edge, where it could be found out.
        pid: Option<u32>,
    },
    /// The address for users, or that of the admin side, cannot be listened on.
    #[error("cannot listen on {addr}{}", by.as_ref().map(|by| format!(": {by} does already")).unwrap_or_default())]
    Listen {
        /// Which address.
        addr: SocketAddr,
        /// Who listens there, where it could be found out.
        by: Option<String>,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// The data plane's options make no sense.
    #[error(transparent)]
    Proxy(#[from] OptionsError),
    /// A slot's name is none that a release can have.
    #[error(transparent)]
    Name(NameError),
    /// The listener for users failed for good while the edge ran.
    #[error("the listener for users failed")]
    Serve(#[source] io::Error),
}

impl StandaloneError {
    /// What a caller may do next; every variant has exactly one answer.
    pub fn retry(&self) -> Retry {
        match self {
            Self::State(error) => error.retry(),
            Self::Serve(_) => Retry::After(Duration::from_secs(1)),
            Self::NoUpstream { .. }
            | Self::StateDir { .. }
            | Self::AlreadyRuns { .. }
            | Self::Listen { .. }
            | Self::Proxy(_)
            | Self::Name(_) => Retry::Never,
        }
    }
}

impl Hint for StandaloneError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::State(error) => error.hint(),
            Self::NoUpstream { slot } => {
                Some(format!("say with `--{slot} HOST:PORT` where its release answers").into())
            }
            Self::StateDir { .. } | Self::AlreadyRuns { .. } => {
                Some("give each edge a folder of its own with `--state-dir`".into())
            }
            Self::Listen { .. } => Some("choose another address, or stop what listens there".into()),
            Self::Proxy(_) | Self::Name(_) | Self::Serve(_) => None,
        }
    }
}
