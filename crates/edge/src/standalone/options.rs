use std::net::SocketAddr;
use std::path::PathBuf;

use handover_core::{BySlot, Slot};

use super::StandaloneError;
use crate::proxy::{Address, ProxyOptions};
use crate::token::AdminToken;

/// How an edge of its own is set up.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StandaloneOptions {
    /// Where users come in.
    pub listen: SocketAddr,
    /// Where it is administered: plain HTTP/1.1, every request with the token.
    pub admin: SocketAddr,
    /// Where each slot's release answers; at least one address each.
    pub upstreams: BySlot<Vec<Address>>,
    /// What whoever administers it has to show.
    pub token: AdminToken,
    /// Where the route is kept; one edge per folder.
    pub state_dir: PathBuf,
    /// Which slot gets everything where no route was kept.
    pub begin: Slot,
    /// The data plane's own options.
    pub proxy: ProxyOptions,
    /// Goes back to the copy before it where the state file is damaged.
    pub recover: bool,
}

impl StandaloneOptions {
    /// An edge that begins with everything to blue, and the data plane's defaults.
    pub fn new(
        listen: SocketAddr,
        admin: SocketAddr,
        upstreams: BySlot<Vec<Address>>,
        token: AdminToken,
        state_dir: impl Into<PathBuf>,
    ) -> Self {
        Self {
            listen,
            admin,
            upstreams,
            token,
            state_dir: state_dir.into(),
            begin: Slot::Blue,
            proxy: ProxyOptions::default(),
            recover: false,
        }
    }

    /// Sends everything to this slot where no route was kept.
    #[must_use]
    pub fn with_begin(mut self, begin: Slot) -> Self {
        self.begin = begin;
        self
    }

    /// The data plane behaves like this.
    #[must_use]
    pub fn with_proxy(mut self, proxy: ProxyOptions) -> Self {
        self.proxy = proxy;
        self
    }

    /// Goes back to the copy before it where the state file is damaged.
    #[must_use]
    pub fn with_recover(mut self, recover: bool) -> Self {
        self.recover = recover;
        self
    }

    pub(super) fn check(&self) -> Result<(), StandaloneError> {
        let without = self.upstreams.iter().find(|(_, addresses)| addresses.is_empty());
        without.map_or(Ok(()), |(slot, _)| Err(StandaloneError::NoUpstream { slot }))
    }
}
