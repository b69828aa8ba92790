use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Listen, Name, Period};

/// What moves the traffic.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Traffic {
    /// "edge": handover's own proxy on this machine. "haproxy": the weights of a HAProxy's servers. "railway", "vercel": the
    /// deployments of a platform. "exec": a program of yours. "composite": several of them as one.
    /// "remote-edge": a `handover edge` that runs anywhere. Each but the edge has a section of its name.
    pub(crate) backend: Backend,
}

/// What moves the traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Backend {
    /// The agent's own proxy.
    #[default]
    Edge,
    /// A HAProxy, by its Runtime API.
    Haproxy,
    /// A service at Railway.
    Railway,
    /// A project at Vercel.
    Vercel,
    /// A program, asked over standard input and output.
    Exec,
    /// Several backends as one.
    Composite,
    /// An edge of one's own (`handover edge`), by its admin side.
    RemoteEdge,
}

impl Backend {
    /// As the file calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Edge => "edge",
            Self::Haproxy => "haproxy",
            Self::Railway => "railway",
            Self::Vercel => "vercel",
            Self::Exec => "exec",
            Self::Composite => "composite",
            Self::RemoteEdge => "remote-edge",
        }
    }
}

/// The HAProxy whose weights are moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Haproxy {
    /// Its `stats socket` of level `admin`: a path, relative to this file, or an address such as "127.0.0.1:9999".
    pub(crate) socket: PathBuf,
    /// The backend whose servers are the two slots.
    pub(crate) backend: Name,
    /// Blue's servers in it.
    #[serde(default = "blue")]
    pub(crate) blue: Vec<Name>,
    /// Green's servers in it.
    #[serde(default = "green")]
    pub(crate) green: Vec<Name>,
    /// The `server-state-file` that HAProxy loads when it starts, relative to this file; written with each change.
    /// Without it a reload undoes a cutover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) state_file: Option<PathBuf>,
    /// The folder with the secrets `pin-blue`, `pin-green` and `pin-probe` of its rules, relative to this file. Without it
    /// smoke tests cannot reach a release that has no traffic, and probes are judged like users' requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pins: Option<PathBuf>,
    /// Where its log comes in, such as "127.0.0.1:9514"; what is judged is counted there. Without it nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) log: Option<Listen>,
    /// For one command.
    #[serde(default = "timeout")]
    pub(crate) timeout: Period,
}

impl Haproxy {
    /// Its paths begin in `folder`.
    pub(super) fn resolve(&mut self, folder: &Path) {
        let address = self.socket_address().is_some();
        let socket = (!address).then_some(&mut self.socket);
        for path in socket.into_iter().chain(&mut self.state_file).chain(&mut self.pins) {
            *path = folder.join(&*path);
        }
    }

    /// Where commands go, if the socket is written as an address.
    pub(crate) fn socket_address(&self) -> Option<SocketAddr> {
        self.socket.to_str()?.parse().ok()
    }
}

fn blue() -> Vec<Name> {
    vec![Name::fixed("blue")]
}

fn green() -> Vec<Name> {
    vec![Name::fixed("green")]
}

fn timeout() -> Period {
    Period::new(Duration::from_secs(2))
}
