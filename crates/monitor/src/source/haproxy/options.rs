use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use handover_core::{BySlot, Slot};

use crate::cut::CutRules;

/// Where HAProxy's log comes in, where HAProxy can be asked, and which of its servers are which slot.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HaproxyOptions {
    /// The address for its `log` line. Whoever can send there can report requests: keep it on the loopback interface,
    /// or on a network of its own.
    pub listen: SocketAddr,
    /// Its Runtime API, a `stats socket` of at least level `user`.
    pub runtime: RuntimeApi,
    /// The backend.
    pub backend: String,
    /// The names of each slot's servers in it.
    pub servers: BySlot<Vec<String>>,
    /// How often the log is compared with HAProxy's counter; 250 ms by default. A window is given out after the
    /// comparison that follows it.
    pub compare: Duration,
    /// When windows close.
    pub rules: CutRules,
}

/// Where HAProxy takes commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuntimeApi {
    /// At a Unix socket: `stats socket /run/haproxy/admin.sock`.
    Unix(PathBuf),
    /// At an address: `stats socket ipv4@127.0.0.1:9999`.
    Tcp(SocketAddr),
}

impl HaproxyOptions {
    /// With the default times; `servers` names one server per slot.
    pub fn new(
        listen: SocketAddr,
        runtime: RuntimeApi,
        backend: impl Into<String>,
        servers: BySlot<&str>,
    ) -> Self {
        Self {
            listen,
            runtime,
            backend: backend.into(),
            servers: servers.map(|_, name| vec![name.to_owned()]),
            compare: Duration::from_millis(250),
            rules: CutRules::default(),
        }
    }

    /// With these servers per slot.
    #[must_use]
    pub fn with_servers(mut self, servers: BySlot<Vec<String>>) -> Self {
        self.servers = servers;
        self
    }

    /// Compares this often.
    #[must_use]
    pub const fn with_compare(mut self, compare: Duration) -> Self {
        self.compare = compare;
        self
    }

    /// Closes windows by these rules.
    #[must_use]
    pub fn with_rules(mut self, rules: CutRules) -> Self {
        self.rules = rules;
        self
    }

    /// The slot that a server belongs to.
    pub(super) fn slot_of(&self, server: &str) -> Option<Slot> {
        Slot::BOTH.into_iter().find(|slot| self.servers[*slot].iter().any(|name| name == server))
    }
}

impl std::fmt::Display for RuntimeApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "HAProxy at {}", path.display()),
            Self::Tcp(addr) => write!(f, "HAProxy at {addr}"),
        }
    }
}
