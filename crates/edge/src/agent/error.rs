use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use handover_core::{Hint, Retry};

use crate::proxy::OptionsError;
use crate::state::StateError;

/// Why an agent did not start, or ended. Nothing was launched, stopped or moved by it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgentError {
    /// The state directory cannot be used.
    #[error("cannot use the state directory {}", path.display())]
    StateDir {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another agent works in the state directory.
    #[error("another agent{} works in {}", pid.map(|pid| format!(" (process {pid})")).unwrap_or_default(), dir.display())]
    AlreadyRuns {
        /// The state directory.
        dir: PathBuf,
        /// The other agent, where it could be found out.
        pid: Option<u32>,
    },
    /// The admin socket's path is longer than the system allows.
    #[error("the socket path {} has {length} bytes; the system allows {longest}", path.display())]
    SocketPathTooLong {
        /// Which.
        path: PathBuf,
        /// How long it is.
        length: usize,
        /// How long it may be.
        longest: usize,
    },
    /// The admin socket cannot be opened.
    #[error("cannot open the admin socket {}", path.display())]
    Socket {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The address for users, or that for metrics, cannot be listened on.
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
    /// The system gives no randomness for secrets.
    #[error("cannot read randomness from the system")]
    Randomness(#[source] io::Error),
    /// The listener for users failed for good while the agent ran; the releases run on.
    #[error("the listener for users failed")]
    Serve(#[source] io::Error),
}

impl AgentError {
    /// What a caller may do next; every variant has exactly one answer.
    pub fn retry(&self) -> Retry {
        match self {
            Self::State(error) => error.retry(),
            Self::Serve(_) => Retry::After(Duration::from_secs(1)),
            Self::StateDir { .. }
            | Self::AlreadyRuns { .. }
            | Self::SocketPathTooLong { .. }
            | Self::Socket { .. }
            | Self::Listen { .. }
            | Self::Randomness(_)
            | Self::Proxy(_) => Retry::Never,
        }
    }
}

impl Hint for AgentError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::State(error) => error.hint(),
            // An agent whose socket was taken away, or that holds still, is ended by its process id alone.
            Self::AlreadyRuns { pid: Some(pid), .. } => Some(
                format!("`handover agent status` shows it; if it gives no answer, `kill -9 {pid}`: releases run on").into(),
            ),
            Self::AlreadyRuns { pid: None, .. } => Some("each service needs a `--state-dir` of its own".into()),
            Self::SocketPathTooLong { .. } | Self::StateDir { .. } => {
                Some("give another folder with `--state-dir`".into())
            }
            Self::Listen { .. } => {
                Some("set another address in handover.toml, or stop what listens there".into())
            }
            Self::Socket { .. } | Self::Proxy(_) | Self::Randomness(_) | Self::Serve(_) => None,
        }
    }
}
