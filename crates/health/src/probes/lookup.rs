use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};

use super::blocking::Blocking;
use crate::{ProbeClass, ProbeError};

/// The system's resolver, asked for one and the same name again and again; never twice at a time.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    resolver: Blocking<io::Result<Vec<SocketAddr>>>,
}

impl Lookup {
    /// The addresses of `host`, at least one; of an address itself. One of IPv6 may be in brackets.
    ///
    /// # Errors
    ///
    /// [`ProbeClass::Dns`]: there are none, or the resolver did not say.
    pub(super) async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, ProbeError> {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        let asked = (host.to_owned(), port);
        let found = self.resolver.run(move || Ok(asked.to_socket_addrs()?.collect::<Vec<_>>())).await?;
        let unresolved = |why: String| ProbeError::new(ProbeClass::Dns, format!("{host}: {why}"));
        let found = found.map_err(|error| unresolved(error.to_string()))?;
        if found.is_empty() { Err(unresolved("no address".into())) } else { Ok(found) }
    }
}
