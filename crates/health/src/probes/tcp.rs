use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;

use super::deadline::within;
use super::place::Place;
use crate::{HealthProbe, Healthy, InvalidProbe, ProbeError};

/// What an address looks like, for who gave another.
const EXAMPLE: &str = "host:port";

/// Whether a port takes connections. Nothing is sent on one, and it is closed at once.
///
/// A server that hangs takes connections as well, since the kernel does it: where there is a probe that asks, prefer it.
pub struct TcpProbe {
    place: Place,
}

impl TcpProbe {
    /// Connects to `host:port`, where the host is a name or an address; one of IPv6 is in brackets. The first address of a
    /// name that takes the connection is enough.
    ///
    /// # Errors
    ///
    /// It is not of that form.
    pub fn new(place: &str) -> Result<Self, InvalidProbe> {
        let parsed = place.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let parsed =
            parsed.filter(|(host, _)| !host.is_empty() && (host.starts_with('[') || !host.contains(':')));
        let (host, port) = parsed.ok_or(InvalidProbe::Address(EXAMPLE))?;
        Ok(Self { place: Place::new(host, port) })
    }
}

impl From<SocketAddr> for TcpProbe {
    fn from(addr: SocketAddr) -> Self {
        Self { place: Place::new(&addr.ip().to_string(), addr.port()) }
    }
}

#[async_trait]
impl HealthProbe for TcpProbe {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        within(deadline, async { self.place.connect().await.map(drop) }).await
    }
}

impl fmt::Debug for TcpProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TcpProbe").finish_non_exhaustive()
    }
}
