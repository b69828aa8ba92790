use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use handover_core::ServiceName;

use crate::proxy::ProxyOptions;
use crate::shim::CommandPrefix;

/// A driver renews every 5 s; two may be lost.
const LEASE_TTL: Duration = Duration::from_secs(15);

/// How an agent is set up.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AgentOptions {
    /// The service it carries.
    pub service: ServiceName,
    /// Where users come in.
    pub listen: SocketAddr,
    /// Where `GET /metrics` is answered for a Prometheus; nowhere where there is none.
    pub metrics: Option<SocketAddr>,
    /// Where everything is kept; one agent per directory.
    pub state_dir: PathBuf,
    /// Runs [`crate::shim_main`] on the folder that is appended to it.
    pub shim: CommandPrefix,
    /// Runs the driver of the run whose name is appended to it; `None` where whoever starts a run drives it.
    pub driver: Option<CommandPrefix>,
    /// How long a lease lives without renewal, and so how long a driver may be silent.
    pub lease_ttl: Duration,
    /// The data plane's own options.
    pub proxy: ProxyOptions,
    /// Goes back to the copy before it where the state file is damaged.
    pub recover: bool,
}

impl AgentOptions {
    /// An agent without a driver, a lease of 15 s, the data plane's defaults.
    pub fn new(
        service: ServiceName,
        listen: SocketAddr,
        state_dir: impl Into<PathBuf>,
        shim: CommandPrefix,
    ) -> Self {
        Self {
            service,
            listen,
            metrics: None,
            state_dir: state_dir.into(),
            shim,
            driver: None,
            lease_ttl: LEASE_TTL,
            proxy: ProxyOptions::default(),
            recover: false,
        }
    }

    /// Starts drivers by this command.
    #[must_use]
    pub fn with_driver(mut self, driver: CommandPrefix) -> Self {
        self.driver = Some(driver);
        self
    }

    /// Answers `GET /metrics` at this address.
    #[must_use]
    pub fn with_metrics(mut self, addr: Option<SocketAddr>) -> Self {
        self.metrics = addr;
        self
    }

    /// Leases live this long without renewal.
    #[must_use]
    pub fn with_lease_ttl(mut self, ttl: Duration) -> Self {
        self.lease_ttl = ttl;
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
}
