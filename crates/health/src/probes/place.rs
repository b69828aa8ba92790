use std::net::SocketAddr;

use tokio::net::TcpStream;

use super::lookup::Lookup;
use crate::{ProbeError, cause};

/// A host and a port.
#[derive(Debug)]
pub(super) struct Place {
    host: String,
    port: u16,
    lookup: Lookup,
}

impl Place {
    pub(super) fn new(host: &str, port: u16) -> Self {
        Self { host: host.to_owned(), port, lookup: Lookup::default() }
    }

    #[cfg(feature = "redis")]
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// A connection to the first of its addresses that takes one.
    pub(super) async fn connect(&self) -> Result<TcpStream, ProbeError> {
        let found: Vec<SocketAddr> = self.lookup.addresses(&self.host, self.port).await?;
        let stream = TcpStream::connect(&found[..]).await;
        let stream = stream.map_err(|error| cause::failed(&error, cause::of_stream))?;
        // An answer must not wait for a second packet; where the option is refused, it may.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }
}
